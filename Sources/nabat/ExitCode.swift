/// How the program ends. Source: the command contract; 64, 69, 70 and 74 are those of `sysexits.h`.
enum ExitCode: Int32 {
  case done = 0
  /// An expectation or a test failed.
  case failed = 1
  case rejected = 2
  /// Warnings under `--strict`.
  case warnings = 3
  case usage = 64
  case unavailable = 69
  case internalError = 70
  case inputOutput = 74
}

/// Why a verb stops: one sentence for the person, and the exit code.
struct Stop: Error {
  var code: ExitCode
  var message: String

  init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
