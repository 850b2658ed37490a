// swift-tools-version: 6.2
import PackageDescription

/// One strictness for every target: language mode 6, no warnings, explicit existentials and imports.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], hasFixtures: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: hasFixtures ? ["Fixtures"] : [],
    swiftSettings: strict)
}

func library(_ name: String, pkgConfig: String? = nil) -> Target {
  .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig)
}

let package = Package(
  name: "nabat",
  targets: [
    // The border: one system-library target a C library; the shims hold variadics and macros only.
    library("CCurl", pkgConfig: "libcurl"),
    library("CXML2", pkgConfig: "libxml-2.0"),
    library("CYAML", pkgConfig: "yaml-0.1"),
    library("CZlib", pkgConfig: "zlib"),
    library("CBrotli", pkgConfig: "libbrotlidec"),
    library("CZstd", pkgConfig: "libzstd"),
    library("CStemmer"),
    library("CVectorscan", pkgConfig: "libhs"),
    library("CSQLite", pkgConfig: "sqlite3"),
    library("CSodium", pkgConfig: "libsodium"),
    library("CMicrohttpd", pkgConfig: "libmicrohttpd"),
    .target(
      name: "CSimdjson", path: "Sources/C/CSimdjson",
      cxxSettings: [.unsafeFlags(["-std=c++17"])],
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),

    // Ground: nouns. No stage is imported here.
    module("Model"),
    module("JSON", ["Model", "CSimdjson"]),
    module("YAML", ["Model", "CYAML"]),
    module("HTTP", ["Model", "CCurl"]),
    module("Serving", ["Model", "CMicrohttpd"]),
    module("Text", ["Model", "JSON", "CStemmer", "CVectorscan"]),
    module("Rules", ["Model", "JSON", "YAML", "Text", "CSodium"]),
    module("Configuration", ["Model", "JSON", "YAML"]),
    module("Storage", ["Model", "CSQLite"]),

    // Stages: gerunds, in the order of the flow. Stages never import each other.
    module("Polling", ["Model", "HTTP"]),
    module("Parsing", ["Model", "JSON", "CXML2", "CZlib", "CBrotli", "CZstd"]),
    module("Matching", ["Model", "JSON", "YAML", "Text", "Rules"]),
    module("Counting", ["Model", "JSON", "YAML", "Rules"]),
    module("Alerting", ["Model", "JSON", "YAML", "Rules", "CSodium"]),
    module("Delivering", ["Model", "JSON", "HTTP", "CSodium"]),

    // The stages between an item and an alert as one pure function of events.
    module("Engine", ["Model", "JSON", "Text", "Rules", "Matching", "Counting", "Alerting"]),

    // Surface: the desk, wiring, the demo region, the command line.
    module("Desk", ["Model", "JSON", "Rules", "Alerting", "Serving"]),
    module(
      "Monitor",
      [
        "Model", "JSON", "YAML", "HTTP", "Serving", "Text", "Rules", "Configuration", "Storage", "Polling",
        "Parsing", "Matching", "Counting", "Alerting", "Delivering", "Engine", "Desk", "CSodium",
      ]),
    .target(
      name: "Demo", dependencies: ["Model", "JSON", "Serving", "Delivering"],
      resources: [.embedInCode("Region")], swiftSettings: strict),
    .executableTarget(
      name: "nabat",
      dependencies: [
        "Model", "JSON", "YAML", "Text", "Rules", "Configuration", "Storage", "Parsing", "Engine", "Alerting",
        "Matching", "Counting", "Monitor", "Demo", "Delivering", "HTTP", "Serving", "Polling",
      ],
      swiftSettings: strict),

    // Measures the way from a tape to the database; not part of the program.
    .executableTarget(
      name: "nabat-bench",
      dependencies: [
        "Model", "JSON", "YAML", "Text", "Rules", "Storage", "Matching", "Counting", "Engine", "Configuration",
        "Alerting",
        "Monitor", "CSQLite",
      ],
      path: "bench", exclude: ["run", "parse", "spikes", "spikes.py", "sax.c", "results", "peers.py"],
      sources: ["Sources"],
      swiftSettings: strict),

    .target(name: "TestSupport", dependencies: ["Model"], path: "Tests/TestSupport", swiftSettings: strict),
    tests("ModelTests", ["Model"]),
    tests("JSONTests", ["JSON", "Model"]),
    tests("YAMLTests", ["YAML", "Model"]),
    tests("TextTests", ["Text", "Model"]),
    tests(
      "RulesTests", ["Rules", "YAML", "JSON", "Model", "Text", "Matching", "Counting", "Alerting"], hasFixtures: true),
    tests("ConfigurationTests", ["Configuration", "YAML", "Model", "Monitor"]),
    tests("StorageTests", ["Storage", "Model", "CSQLite"]),
    tests("HTTPTests", ["HTTP", "Serving", "Model"], hasFixtures: true),
    tests("PollingTests", ["Polling", "HTTP", "Serving", "Model"]),
    tests("ParsingTests", ["Parsing", "JSON", "Model"], hasFixtures: true),
    tests("MatchingTests", ["Matching", "Rules", "Text", "YAML", "JSON", "Model", "Monitor", "Parsing"]),
    tests("CountingTests", ["Counting", "Rules", "YAML", "Model", "Monitor"], hasFixtures: true),
    tests("AlertingTests", ["Alerting", "Rules", "JSON", "Model"]),
    tests("DeliveringTests", ["Delivering", "HTTP", "Serving", "JSON", "Model", "CXML2"], hasFixtures: true),
    tests(
      "EngineTests",
      ["Engine", "Rules", "Alerting", "Text", "Model", "JSON", "Monitor", "Storage", "Configuration"], hasFixtures: true
    ),
    tests("ScenarioTests", ["nabat", "Demo", "Model", "JSON", "Storage", "Serving", "CSQLite"], hasFixtures: true),
    tests(
      "MonitorTests",
      [
        "Monitor", "Configuration", "Engine", "HTTP", "JSON", "Model", "Parsing", "Polling", "Storage",
      ]),
    tests(
      "DemoTests",
      [
        "Demo", "Configuration", "Model", "JSON", "HTTP", "Serving", "Delivering", "Parsing", "Rules", "Text",
        "Alerting", "Engine",
        "Matching", "Counting", "Monitor",
      ]),
    tests("CommandTests", ["nabat", "Model", "JSON"]),
    tests("SetupTests", ["nabat"]),
    tests("DocsTests", ["Model", "Monitor", "Parsing", "Rules", "Delivering", "nabat"]),
  ],
  cxxLanguageStandard: .cxx17
)

// Only under libFuzzer, whose runtime no other build is linked with: see fuzz/run.
if Context.environment["NABAT_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "nabat-fuzz",
      dependencies: [
        "Model", "JSON", "YAML", "Text", "Rules", "Configuration", "Parsing", "Matching", "Counting", "Alerting",
      ],
      path: "fuzz", exclude: ["run", "seeds", "lasting-globals.txt"], sources: ["Sources"], swiftSettings: strict))
}

// Only some test targets, which build and link quicker while one works on them: NABAT_TESTS=Counting,Alerting.
if let names = Context.environment["NABAT_TESTS"]?.split(separator: ",").map({ "\($0)Tests" }) {
  package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}
