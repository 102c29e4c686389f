import Testing

/// All tests of clients. One at a time: what is measured in seconds shares two cores.
@Suite("Clients", .serialized)
enum Clients {}
