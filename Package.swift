// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Plain `swift run` builds debug, and nobody in a classroom adds `-c release`: the libraries are
// optimised in every build. The chapters themselves stay debug, so that they compile at once.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"])]

// `PORTABLE=1 swift run …` builds for any x86-64 processor, at the price of speed. Otherwise the
// kernels expect AVX2 and FMA (the x86-64-v3 level); Arm needs no flag. The bits are the same.
let isPortable = Context.environment["PORTABLE"] == "1"
var kernels = optimized
// A square root is one instruction where it need not report errors through a global variable.
kernels += [.unsafeFlags(["-Xcc", "-fno-math-errno"])]
#if arch(x86_64)
  kernels += isPortable ? [.define("PORTABLE")] : [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
#endif

/// What a chapter stands on, and with it whatever tests chapters.
let libraries: [Target.Dependency] = [
  "Notebook", "Claims", "Exercises", "Calculations", "VariationalAutoencoders", "Datasets",
  "NeuralNetworks",
  "Probability", "Autodiff", "Kernels",
]

/// A chapter is an executable in `Chapters/` that stands on the libraries.
func chapter(_ name: String) -> Target {
  .executableTarget(
    name: name,
    dependencies: libraries,
    path: "Chapters/\(name)")
}

func library(
  _ name: String, _ dependencies: [String] = [], exclude: [String] = [], resources: [Resource] = [],
  settings: [SwiftSetting] = optimized
) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .init(stringLiteral: $0) }, exclude: exclude,
    resources: resources, swiftSettings: settings)
}

func tests(
  of name: String, _ dependencies: [String] = [], exclude: [String] = [],
  resources: [Resource] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: ([name] + dependencies).map { .init(stringLiteral: $0) }, exclude: exclude,
    resources: resources)
}

let chapters = [
  "Ch00-Autodiff", "Ch01-Ring", "Ch02-NaiveMonteCarlo", "Ch03-KLIdentity",
  "Ch04-Reparameterization", "Ch05-VAE",
]

/// Tests of the chapters may use whatever the chapters do.
func tests(ofChapters name: String) -> Target {
  .testTarget(
    name: name,
    dependencies: (chapters + ["StatisticalChecks"]).map { .init(stringLiteral: $0) } + libraries)
}

// A teacher who withholds the solutions deletes their folder.
let solutions =
  FileManager.default.fileExists(atPath: Context.packageDirectory + "/Tests/ExerciseTests")
  ? [tests(ofChapters: "ExerciseTests")] : []

let package = Package(
  name: "VAEChapters",
  platforms: [.macOS(.v15)],
  targets: chapters.map(chapter) + [
    library("Files"),
    library(
      // Its scripts are read where they are, as the cells of the chapters are.
      "Notebook", ["Files", "Kernels"], exclude: ["Resources"],
      settings: optimized + (isPortable ? [.define("PORTABLE")] : [])),
    library("Kernels", settings: kernels),
    library("Autodiff", ["Kernels"]),
    library("Probability", ["Autodiff", "Kernels"]),
    library("Claims", ["Notebook", "Probability", "Autodiff"]),
    library("Calculations", ["Autodiff"]),
    library("Exercises", ["Calculations", "Notebook", "Probability", "Autodiff", "Files"]),
    library("NeuralNetworks", ["Autodiff", "Kernels", "Probability", "Files"]),
    library(
      "Datasets", ["Autodiff", "Probability", "Kernels", "Files"],
      resources: [.copy("Resources")]),
    library(
      "VariationalAutoencoders",
      ["NeuralNetworks", "Probability", "Datasets", "Autodiff", "Kernels"]),
    // It runs the chapters, so that they have to be built with it.
    .executableTarget(
      name: "Book",
      dependencies: ["Notebook", "Files"] + chapters.map { .init(stringLiteral: $0) }),
    .executableTarget(
      name: "Benchmark",
      dependencies: libraries,
      exclude: ["Peers"], swiftSettings: optimized),

    .target(name: "StatisticalChecks", path: "Tests/StatisticalChecks"),
    tests(of: "Files"),
    tests(of: "Notebook", ["Files"]),
    tests(of: "Claims", ["Notebook", "Probability"]),
    // What checks the students' functions; ExerciseTests has the solutions.
    .testTarget(
      name: "ExerciseEngineTests",
      dependencies: ["Exercises", "Calculations", "Notebook", "Files", "Autodiff"]),
    tests(of: "Kernels", resources: [.copy("Reference")]),
    tests(of: "Autodiff", ["Kernels"]),
    tests(of: "Probability", ["Autodiff", "Kernels", "StatisticalChecks"]),
    tests(
      of: "NeuralNetworks", ["Autodiff", "Kernels", "Probability", "Files"],
      resources: [.copy("Reference")]),
    tests(of: "Datasets", ["Probability", "Autodiff", "Files"]),
    tests(
      of: "VariationalAutoencoders",
      [
        "NeuralNetworks", "Probability", "Datasets", "Autodiff", "Kernels", "Files",
        "StatisticalChecks",
      ], resources: [.copy("Reference")]),
    tests(ofChapters: "ChapterTests"),
    .testTarget(
      name: "ProcessTests",
      dependencies: (chapters + ["Benchmark", "Book", "Probability"]).map {
        .init(stringLiteral: $0)
      }),
    .testTarget(name: "NotesTests", dependencies: ["Notebook"]),
  ] + solutions,
  swiftLanguageModes: [.v6]
)

// Everywhere, unsafe code must be marked as such, and a file may use only what it imports.
for target in package.targets {
  target.swiftSettings =
    (target.swiftSettings ?? [])
    + [.strictMemorySafety(), .enableUpcomingFeature("MemberImportVisibility")]
}
