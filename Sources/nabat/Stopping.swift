import Configuration
import Delivering
import Model

/// An error of a module below that has its own exit code.
protocol Stopping: Error {
  var stop: Stop { get }
}

extension StoreError: Stopping {
  var stop: Stop {
    switch self {
    case .inUse(let words): Stop(.unavailable, words)
    case .newerSchema(let found, let known):
      Stop(
        .rejected,
        "the database has schema \(found), this Nabat knows up to \(known); use the Nabat that wrote it, or a newer one"
      )
    case .inputOutput(let words): Stop(.inputOutput, words)
    case .corrupt(let words): Stop(.rejected, words)
    }
  }
}

extension SecretError: Stopping {
  var stop: Stop {
    Stop(
      isUnreadable ? .inputOutput : .rejected,
      "\(description); the configuration names it under «secret» of a sink")
  }
}

extension SinkError: Stopping {
  var stop: Stop {
    switch self {
    case .log(let error): Stop(.inputOutput, "the alert log cannot be written: \(error)")
    case .missing, .notWeb, .insecure, .secret: Stop(.rejected, "a sink of the configuration: \(description)")
    }
  }
}
