/// The state as bytes, bit for bit: little-endian, in the order of declaration, behind one byte for the form.
extension VolumeDetector {
  private static let form: UInt8 = 1

  package var bytes: [UInt8] {
    var writer = Writer()
    writer.put(VolumeDetector.form)
    writer.put(season.rawValue)
    writer.put(place)
    writer.put(seen)
    writer.put(quiet)
    for index in 0..<7 { writer.put(weekdays[index]) }
    for index in 0..<72 { writer.put(ring[index].bitPattern) }
    for index in 0..<88 { writer.put(past[index]) }
    for index in 0..<4 { scales[index].write(into: &writer) }
    return writer.bytes
  }

  /// nil for bytes that `bytes` did not make.
  package init?(bytes: [UInt8]) {
    var reader = Reader(rest: bytes[...])
    guard reader.take() as UInt8? == VolumeDetector.form, let name = reader.take() as UInt8?,
      let season = Season(rawValue: name), let place = reader.take() as UInt8?, place < 72,
      let seen = reader.take() as UInt32?, let quiet = reader.take() as UInt32?
    else { return nil }
    self.init(season: season)
    (self.place, self.seen, self.quiet) = (place, seen, quiet)
    for index in 0..<7 { weekdays[index] = reader.take() ?? 0 }
    for index in 0..<72 { ring[index] = Float(bitPattern: reader.take() ?? 0) }
    for index in 0..<88 { past[index] = reader.take() ?? 0 }
    for index in 0..<4 { scales[index].read(from: &reader) }
    guard reader.rest.isEmpty, !reader.isShort else { return nil }
  }

  struct Writer {
    var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(1500) }

    mutating func put(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  struct Reader {
    var rest: ArraySlice<UInt8>
    /// Something was asked for that was not there.
    var isShort = false

    mutating func take<Number: FixedWidthInteger>() -> Number? {
      let size = Number.bitWidth / 8
      guard rest.count >= size else {
        isShort = true
        return nil
      }
      var value: Number = 0
      for (place, byte) in rest.prefix(size).enumerated() { value |= Number(truncatingIfNeeded: byte) << (8 * place) }
      rest = rest.dropFirst(size)
      return value
    }
  }
}

extension VolumeDetector.Scale {
  fileprivate func write(into writer: inout VolumeDetector.Writer) {
    writer.put(mean.bitPattern)
    for index in 0..<24 { writer.put(hours[index].bitPattern) }
    for index in 0..<24 { writer.put(hourWeights[index]) }
    for index in 0..<7 { writer.put(days[index].bitPattern) }
    for tail in [level, onset] {
      for number in [tail.spread, tail.threshold, tail.excess] { writer.put(number.bitPattern) }
    }
    for number in [drift, driftByDeviation, driftSquared] { writer.put(number.bitPattern) }
  }

  fileprivate mutating func read(from reader: inout VolumeDetector.Reader) {
    mean = Double(bitPattern: reader.take() ?? 0)
    for index in 0..<24 { hours[index] = Float(bitPattern: reader.take() ?? 0) }
    for index in 0..<24 { hourWeights[index] = reader.take() ?? 0 }
    for index in 0..<7 { days[index] = Float(bitPattern: reader.take() ?? 0) }
    for path in [\Self.level, \Self.onset] {
      self[keyPath: path].spread = Double(bitPattern: reader.take() ?? 0)
      self[keyPath: path].threshold = Double(bitPattern: reader.take() ?? 0)
      self[keyPath: path].excess = Double(bitPattern: reader.take() ?? 0)
    }
    drift = Float(bitPattern: reader.take() ?? 0)
    driftByDeviation = Float(bitPattern: reader.take() ?? 0)
    driftSquared = Float(bitPattern: reader.take() ?? 0)
  }
}
