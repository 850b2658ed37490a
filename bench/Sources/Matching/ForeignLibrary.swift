import Glibc

/// A library that only comparisons use: found when the bench runs, so that nothing else depends on it.
struct ForeignLibrary {
  private let handle: UnsafeMutableRawPointer

  /// nil where the library is not installed.
  init?(_ names: [String]) {
    guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return nil }
    self.handle = handle
  }

  /// The function of that name. `Function` must be the C type that the library's header gives it.
  func function<Function>(_ name: String, as type: Function.Type) throws(BenchError) -> Function {
    guard let address = dlsym(handle, name) else { throw .failed("a library lacks \(name)") }
    return unsafeBitCast(address, to: type)
  }
}
