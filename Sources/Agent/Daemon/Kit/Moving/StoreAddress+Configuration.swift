import StoreMove

extension StoreAddress {
  /// The store of a configuration. A pooler is passed by: a whole store is one transaction.
  init(_ setting: StoreSetting) {
    switch setting {
    case .sqlite(let path): self = .sqlite(path: path)
    case .postgresql(let setting): self = .postgresql(url: setting.directURL ?? setting.url)
    }
  }
}
