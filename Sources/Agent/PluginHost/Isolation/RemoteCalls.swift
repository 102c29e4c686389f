import CPluginAPI
import FoundationEssentials
import RunnerProtocol
import SwiftProtobuf

/// What the tables of an isolated plugin have in common: which process they speak to, and the numbers of instances.
struct RemoteCalls: Sendable {
  let plugin: IsolatedPlugin
  /// The interface that instances are made of.
  let interface: String

  /// Bytes of one frame of items; what is more goes in a further call.
  static let frameBytes = 4 * 1_024 * 1_024

  /// The process that an instance is in; nil when that one is gone.
  func process(of instance: OpaquePointer) -> RunnerProcess? {
    guard let process = plugin.running, process.generation == Self.generation(instance) else { return nil }
    return process
  }

  /// Makes an instance; its pointer is the number that the runner knows it by, and the process's generation.
  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status {
    guard let process = plugin.running else { return unavailable(error) }
    let number = plugin.newInstance(in: process)
    let call = Carillon_Runner_V1_Create.with {
      $0.interface = interface
      $0.name = Data(name)
      $0.configuration = Data(configuration)
    }
    let status = finish(process.call(number, .create(call)), of: process, error)
    if status == CARILLON_OK { instance = OpaquePointer(bitPattern: UInt(number)) }
    return status
  }

  /// How a call about an instance went.
  struct Outcome {
    var status: carillon_status
    /// nil when there was none.
    var reply: RunnerProcess.Reply?
    /// How the process ended that the call was made to; nil when it answered, or none was called.
    var end: String?
  }

  /// Makes a call about an instance.
  func call(
    _ instance: OpaquePointer, _ kind: Carillon_Runner_V1_Call.OneOf_Kind, _ error: OpaquePointer
  ) -> Outcome {
    guard let process = process(of: instance) else { return Outcome(status: unavailable(error)) }
    let reply = process.call(Self.number(instance), kind)
    let end = reply == nil ? process.endReason ?? plugin.whyNotRunning : nil
    return Outcome(status: finish(reply, of: process, error), reply: reply, end: end)
  }

  /// A call that says nothing about how it went.
  func call(_ instance: OpaquePointer, _ kind: Carillon_Runner_V1_Call.OneOf_Kind) -> carillon_status {
    guard let process = process(of: instance) else { return CARILLON_FAILED }
    return process.call(Self.number(instance), kind)?.status ?? CARILLON_FAILED
  }

  /// Nothing was sent: there is no process to send it to.
  func unavailable(_ error: OpaquePointer) -> carillon_status {
    report(plugin.whyNotRunning, CARILLON_BUSY, error)
  }

  /// The status of a reply, with the plugin's words; without a reply the process has ended meanwhile.
  func finish(_ reply: RunnerProcess.Reply?, of process: RunnerProcess, _ error: OpaquePointer) -> carillon_status {
    guard let reply else {
      // Its own reason: the plugin's is that of the process before, until this one's end is noted.
      let end = process.endReason ?? plugin.whyNotRunning
      return report("its process ended during the call: \(end)", CARILLON_FAILED, error)
    }
    if reply.hasFault { reply.fault.report(to: error) }
    return reply.status
  }

  func report(_ why: String, _ status: carillon_status, _ error: OpaquePointer) -> carillon_status {
    carillon_str.with(why) { ErrorCollector.fail(error, status, $0) }
    return status
  }

  /// The runner's number of an instance: unique in the plugin, over all its processes.
  static func number(_ instance: OpaquePointer) -> UInt64 { UInt64(UInt(bitPattern: instance)) }

  /// The process's generation stands in the upper half.
  static func generation(_ instance: OpaquePointer) -> UInt32 { UInt32(truncatingIfNeeded: number(instance) >> 32) }
}
