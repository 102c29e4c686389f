// swift-tools-version: 6.2
// `make` sets CARILLON_PLUGINKIT, from pkg-config; without it an installation in /usr/local is taken.

import PackageDescription

let kit = Context.environment["CARILLON_PLUGINKIT"] ?? "/usr/local/share/carillon/PluginKit"
let kitProduct: Target.Dependency = .product(name: "PluginKit0", package: "PluginKit")

/// One symbol is exported, `carillon_plugin_v1`. The plugin brings its own Swift runtime, so that it loads in every
/// agent and in the isolated runner, whatever they were built with.
let pluginLinker: [LinkerSetting] = [
  // lld: the standard linker leaves local symbols in the dynamic table.
  .unsafeFlags([
    "-static-stdlib", "-use-ld=lld", "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.map",
  ])
]

let package = Package(
  name: "__NAME__",
  products: [.library(name: "carillon-__NAME__", type: .dynamic, targets: ["Plugin__TYPE__"])],
  dependencies: [.package(path: kit)],
  targets: [
    .target(name: "Manifest__TYPE__", dependencies: [kitProduct], path: "Sources/Manifest"),
    .target(
      name: "Plugin__TYPE__", dependencies: [kitProduct, "Manifest__TYPE__"], path: "Sources/Plugin",
      swiftSettings: [.treatAllWarnings(as: .error)], linkerSettings: pluginLinker),
  ],
  cLanguageStandard: .c2x
)
