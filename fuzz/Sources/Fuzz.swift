import Glibc

/// The border to libFuzzer, which the toolchain carries: `LLVMFuzzerRunDriver` of its variant without a `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Runs one target under libFuzzer: `nabat-fuzz TARGET [option of libFuzzer | folder | file]…`.
@main struct Fuzz {
  /// Set once, before the driver runs.
  nonisolated(unsafe) private static var target: FuzzTarget?

  static func main() {
    let name = CommandLine.arguments.dropFirst().first
    guard let name, let target = FuzzTarget.all.first(where: { $0.name == name }) else {
      for target in FuzzTarget.all { print("\(target.name)\t\(target.longest)\t\(target.summary)") }
      exit(name == nil || name == "--list" ? 0 : 64)
    }
    self.target = target
    // libFuzzer starts itself anew for its jobs, by the first argument: the name of the target goes along with it.
    var arguments = CommandLine.unsafeArgv
    arguments[1] = arguments[0]
    arguments += 1
    var count = CommandLine.argc - 1
    var moved: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
    exit(
      runDriver(&count, &moved) { bytes, count in
        Fuzz.target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      })
  }
}
