import Foundation
import PluginKit0

/// A Discord channel on a manual clock, written from Discord's documentation: 5 requests in 2 s for its webhook, which its
/// answers tell, and 30 in 60 s for the channel, which they do not. Strict: fixed windows from the first request on, and the
/// channel's in any stretch of its length as well.
struct ChannelModel {
  struct Bucket {
    let limit: Int
    let length: Int64
    var endsAt: Int64 = 0
    var used = 0
    var times: [Int64] = []

    mutating func take(_ now: Int64, slides: Bool) -> Int64? {
      if now >= endsAt { (endsAt, used) = (now + length, 0) }
      times.removeAll { $0 <= now - length }
      if used >= limit { return endsAt - now }
      if slides, times.count >= limit { return times[0] + length - now }
      used += 1
      times.append(now)
      return nil
    }
  }

  /// An answer, as a webhook gives it.
  struct Answer {
    var status: Int
    var fields: [String: String]
    var body: String
  }

  var webhook: Bucket
  var channel: Bucket
  /// Titles of everything that stands in the channel, by message.
  private(set) var messages: [[String]] = []
  private(set) var refusals = 0
  private(set) var lastTakenAt: Int64 = 0
  /// From then on it is gone.
  var goneFrom = Int64.max
  /// How many answers are 429 although there is room, from now on.
  var spuriousRefusals = 0
  private(set) var gone = 0

  init(webhook: (Int, Int64) = (5, 2_000), channel: (Int, Int64) = (30, 60_000)) {
    self.webhook = Bucket(limit: webhook.0, length: webhook.1)
    self.channel = Bucket(limit: channel.0, length: channel.1)
  }

  mutating func post(_ body: [UInt8], now: Int64) throws -> Answer {
    if now >= goneFrom {
      gone += 1
      return Answer(status: 404, fields: [:], body: #"{"message": "Unknown Webhook", "code": 10015}"#)
    }
    let wait = webhook.take(now, slides: false) ?? channel.take(now, slides: true)
    var fields = [
      "limit": "\(webhook.limit)", "remaining": "\(webhook.limit - webhook.used)",
      "reset-after": String(format: "%.3f", Double(webhook.endsAt - now) / 1_000), "bucket": "b",
    ]
    if let wait {
      refusals += 1
      return limited(wait, &fields)
    }
    if spuriousRefusals > 0 {
      spuriousRefusals -= 1
      return limited(3_000, &fields)
    }
    let object = try JSONValue(parsing: String(decoding: body, as: UTF8.self)).object
    let embeds = object?["embeds"]?.array ?? []
    let texts = embeds.flatMap { [$0.object?["title"]?.string ?? "", $0.object?["description"]?.string ?? ""] }
    guard 1...10 ~= embeds.count, texts.reduce(0, { $0 + $1.utf16.count }) <= 6_000 else {
      return Answer(status: 400, fields: fields, body: #"{"code": 50035, "message": "Invalid Form Body"}"#)
    }
    messages.append(embeds.map { $0.object?["title"]?.string ?? "" })
    lastTakenAt = now
    return Answer(status: 200, fields: fields, body: #"{"id": "\#(9_000 + messages.count)", "channel_id": "70"}"#)
  }

  private func limited(_ wait: Int64, _ fields: inout [String: String]) -> Answer {
    fields["scope"] = "user"
    return Answer(
      status: 429, fields: fields, body: #"{"retry_after": \#(Double(wait) / 1_000), "global": false}"#)
  }
}
