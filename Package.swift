// swift-tools-version: 6.2

import PackageDescription

// The rooms of the program, from the bottom up; each knows only those before it.
// What each one holds is told in CONTRIBUTING.md.
let package = Package(
  name: "nix-builders",
  products: [
    .executable(name: "nix-builders", targets: ["nix-builders"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
    .package(url: "https://github.com/apple/swift-system", .upToNextMinor(from: "1.8.1")),
    // Without traits: its default one would bring in the whole of Foundation.
    .package(
      url: "https://github.com/swiftlang/swift-subprocess", .upToNextMinor(from: "1.0.2"),
      traits: []),
  ],
  targets: [
    .target(name: "Base"),
    .target(name: "Builders", dependencies: ["Base"]),
    .target(
      name: "Fragments",
      dependencies: ["Base", "Builders", .product(name: "SystemPackage", package: "swift-system")]),
    .target(name: "CSignals"),
    .target(name: "CProcess", dependencies: ["CSignals"]),
    .target(
      name: "Processes",
      dependencies: [
        "Base", "CProcess", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Nix", dependencies: ["Base", "Builders", "Fragments", "Processes"]),
    .target(name: "SSH", dependencies: ["Base", "Builders", "Fragments", "Nix", "Processes"]),
    .target(
      name: "Checks",
      dependencies: ["Base", "Builders", "Fragments", "Nix", "Processes", "SSH"]),
    .target(
      name: "Features",
      dependencies: ["Base", "Builders", "Checks", "Fragments", "Nix", "Processes", "SSH"]),
    .target(
      name: "StateFiles",
      dependencies: [
        "Base", "Builders", "Checks", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "CNamespaces"),
    .target(
      name: "Practice",
      dependencies: [
        "Base", "Builders", "CNamespaces", "Checks", "Fragments", "Processes",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "CTerm", dependencies: ["CSignals"],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "Terminal", dependencies: ["Base", "CTerm"]),
    .target(name: "Interface", dependencies: ["Base", "Terminal"]),
    .target(
      name: "Screens",
      dependencies: [
        "Base", "Builders", "Checks", "Features", "Fragments", "Interface", "Nix", "Processes",
        "SSH", "StateFiles", "Terminal",
      ],
      path: "Screens"),
    .executableTarget(
      name: "nix-builders",
      dependencies: [
        "Base", "Builders", "Checks", "Features", "Fragments", "Interface", "Nix", "Practice",
        "Processes", "SSH", "Screens", "StateFiles", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "BaseTests", dependencies: ["Base"]),
    // Look at the object files of the rooms.
    .testTarget(name: "SymbolTests", dependencies: ["TestSupport", "nix-builders"]),
    .testTarget(name: "BuildersTests", dependencies: ["Builders"]),
    .testTarget(
      name: "FragmentsTests",
      dependencies: [
        "Base", "Builders", "Checks", "Features", "Fragments", "Nix", "Processes",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "ChecksTests",
      dependencies: [
        "Base", "Builders", "Checks", "Features", "Fragments", "Nix", "Processes", "SSH",
        "TestSupport",
      ],
      exclude: ["Transcripts"]),
    .testTarget(
      name: "StateFilesTests",
      dependencies: ["Builders", "Checks", "StateFiles"]),
    .testTarget(
      name: "PracticeTests",
      dependencies: [
        "Builders", "Checks", "Features", "Fragments", "Practice", "Processes", "SSH",
        "TestSupport", "nix-builders",
      ]),
    // Where Nix sends builds, on the second machine.
    .testTarget(
      name: "RoutingTests",
      dependencies: [
        "Builders", "Checks", "Features", "Fragments", "Nix", "Practice", "Processes",
        "TestSupport", "nix-builders",
      ]),
    // What the tests run at the other end of a pty.
    .executableTarget(
      name: "TerminalProbe", dependencies: ["CProcess", "Terminal"], path: "Tests/TerminalProbe"),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TerminalProbe"]),
    .testTarget(name: "InterfaceTests", dependencies: ["Interface", "Terminal"]),
    .testTarget(
      name: "ScreensTests",
      dependencies: [
        "Builders", "Checks", "Features", "Fragments", "Interface", "Nix", "Processes", "SSH",
        "Screens", "StateFiles", "Terminal",
      ]),
    // Repeats the attacks on the program, by seed: Tests/Attacks/run.
    .executableTarget(
      name: "Attacks", dependencies: ["TextReaders"], path: "Tests/Attacks",
      exclude: ["fuzz", "run"]),
    .target(
      name: "TextReaders", dependencies: ["Builders", "Checks", "Fragments", "Nix", "SSH"],
      path: "Tests/TextReaders"),
    .testTarget(name: "AttackTests", dependencies: ["Attacks", "TestSupport", "nix-builders"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Builders", "Checks", "Fragments", "Practice", "Processes", "TestSupport", "nix-builders",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// Tests/Attacks/fuzz: linked with libFuzzer, which other builds do not have.
if Context.environment["NIX_BUILDERS_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["TextReaders"], path: "Tests/Fuzz",
      // libFuzzer brings `main`.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
