import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl ledger`
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Prove that nothing was lost.", subcommands: [LedgerVerify.self])
}
