import Glibc

/// What went wrong, in one sentence.
enum BenchError: Error {
  case usage(String)
  case system(String, Int32)
  case failed(String)

  var message: String {
    switch self {
    case .usage(let words), .failed(let words): words
    case .system(let what, let code): "\(what): \(String(cString: strerror(code)))"
    }
  }
}

/// Time and memory of this process, from the kernel.
enum Machine {
  /// Seconds of the monotonic clock.
  static var wall: Double { seconds(CLOCK_MONOTONIC) }
  /// Seconds of processor time of all threads.
  static var processor: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Lets the peak of memory count from here.
  static func resetPeak() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY)
    guard descriptor >= 0 else { return }
    _ = Glibc.write(descriptor, "5", 1)
    close(descriptor)
  }

  /// Resident memory in bytes.
  static var resident: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
  }

  /// The peak of resident memory in megabytes since `resetPeak`; 0 where the kernel does not tell.
  static var peakMegabytes: Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = line.withUnsafeBufferPointer { buffer in
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
      guard text.hasPrefix("VmHWM:") else { continue }
      let kilobytes = text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
      return kilobytes / 1024
    }
    return 0
  }
}

/// Time spent at one thing, in seconds.
struct Stopwatch {
  private(set) var wall = 0.0
  private(set) var processor = 0.0

  mutating func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
    let wallStart = Machine.wall
    let processorStart = Machine.processor
    defer {
      wall += Machine.wall - wallStart
      processor += Machine.processor - processorStart
    }
    return try body()
  }

  /// Adds what has passed since a reading of both clocks.
  mutating func add(since start: (wall: Double, processor: Double)) {
    wall += Machine.wall - start.wall
    processor += Machine.processor - start.processor
  }

  static func - (whole: Stopwatch, part: Stopwatch) -> Stopwatch {
    Stopwatch(wall: whole.wall - part.wall, processor: whole.processor - part.processor)
  }
}
