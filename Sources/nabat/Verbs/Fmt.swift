import Glibc
import Matching
import Model
import Rules
import YAML

extension Verb {
  static let fmt = Verb(
    name: "fmt", summary: "Puts rule files into one form; comments stay. Prints them, or rewrites them with -w.",
    operands: "PATH…", operandCount: 1...1000,
    options: [
      Option("-w", nil, "rewrites the files that are not in the form"),
      Option("--check", nil, "only names the files that are not in the form (exit 1)"),
    ], example: "nabat fmt -w rules/"
  ) { arguments in
    let texts: [(path: String, bytes: [UInt8])]
    do throws(RuleLoadError) { texts = try RuleLoader.texts(paths: arguments.operands) } catch {
      throw Stop(.inputOutput, error.description)
    }
    guard !texts.isEmpty else {
      throw Stop(.rejected, "no *.rules.yaml in \(arguments.operands.joined(separator: ", "))")
    }
    var isInForm = true
    for (path, bytes) in texts {
      let document = YAMLDocument(file: path, bytes: bytes)
      let formatted: String
      do throws(RuleFormat.Refusal) { formatted = try RuleFormat.formatted(document) } catch {
        switch error {
        case .notSound where document.diagnostics.isEmpty:
          throw Stop(
            .rejected,
            "there are no keys in \(path): it holds no rules; it and the files after it are left as they were")
        case .notSound:
          Terminal.writeError(DiagnosticRenderer(sources: [path: document.source]).text(document.diagnostics))
          throw Stop(.rejected, "\(path) is no sound YAML; it and the files after it are left as they were")
        case .documentMark:
          throw Stop(
            .rejected,
            "\(path): a text in it begins with --- or ..., which would begin or end a document in the form: write it in "
              + "quotes; the file and those after it are left as they were")
        case .otherMeaning:
          throw Stop(
            .internalError,
            "\(path) cannot be put into the form without changing its meaning, which is a fault of Nabat; "
              + "it and the files after it are left as they were")
        }
      }
      let isChanged = Array(formatted.utf8) != bytes
      if arguments.has("--check") {
        if isChanged { Terminal.write(path + "\n") }
      } else if arguments.has("-w") {
        if isChanged {
          try replace(path, with: formatted)
          Terminal.write(path + "\n")
        }
      } else {
        Terminal.write(formatted)
      }
      isInForm = isInForm && !isChanged
    }
    return arguments.has("--check") && !isInForm ? .failed : .done
  }

  /// Whole or not at all: a new file takes the place and the rights of the old one.
  private static func replace(_ path: String, with text: String) throws(Stop) {
    var status = stat()
    let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
    let beside = path + ".new"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw Stop(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    var reason = Terminal.write(Array(text.utf8), to: descriptor)
    if reason == nil, fsync(descriptor) != 0 { reason = errno }
    close(descriptor)
    if reason == nil, rename(beside, path) != 0 { reason = errno }
    if let reason {
      unlink(beside)
      throw Stop(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(reason)))")
    }
  }
}
