import Crypto
import EventModel

extension EventModel.SHA256Digest {
  /// Computes it; nil never comes of a hash of 32 bytes.
  init?(of bytes: [UInt8]) { self.init(bytes: Array(SHA256.hash(data: bytes))) }
}
