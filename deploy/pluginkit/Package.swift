// swift-tools-version: 6.2
// PluginKit as it is installed, for plugins in Swift: it needs no network and no other package. A plugin's own
// Package.swift depends on it by its path, which `pkg-config --variable=pluginkit carillon-plugin` tells.

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "PluginKit",
  products: [.library(name: "PluginKit0", type: .static, targets: ["PluginKit0", "CPluginAPI"])],
  targets: [
    .target(name: "CPluginAPI"),
    .target(name: "PluginKit0", dependencies: ["CPluginAPI"], swiftSettings: strict),
  ]
)
