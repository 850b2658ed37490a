import CYAML

/// The events of a document as libyaml finds them. Owns the parser and the bytes it reads.
struct EventReader: ~Copyable {
  struct Event {
    enum Kind {
      case documentStart, documentEnd, streamStart, streamEnd
      case scalar(String, YAMLScalar.Style)
      case alias
      case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    }
    var kind: Kind
    /// Positions in Unicode scalars.
    var range: Range<Int>
    var hasAnchor = false
    var hasTag = false
  }

  /// Why there are no more events.
  struct Failure: Error {
    var problem: String
    var position: Int
    /// Where the construct begins that was being read.
    var beginning: Int?
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) throws(Failure) {
    parser = .allocate(capacity: 1)
    input = .allocate(capacity: max(1, bytes.count))
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      input.deallocate()
      throw Failure(problem: "out of memory", position: 0)
    }
    _ = input.initialize(from: bytes)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  mutating func next() throws(Failure) -> Event {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else {
      let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
      let beginning = parser.pointee.context == nil ? nil : Int(parser.pointee.context_mark.index)
      throw Failure(
        problem: problem, position: Int(parser.pointee.problem_mark.index), beginning: beginning)
    }
    defer { yaml_event_delete(&raw) }
    let start = Int(raw.start_mark.index)
    let range = start..<max(start, Int(raw.end_mark.index))
    switch raw.type {
    case YAML_STREAM_START_EVENT: return Event(kind: .streamStart, range: range)
    case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, range: range)
    case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, range: range)
    case YAML_ALIAS_EVENT: return Event(kind: .alias, range: range)
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return Event(
        kind: .scalar(String(decoding: bytes, as: UTF8.self), EventReader.style(scalar.style)), range: range,
        hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil)
    case YAML_SEQUENCE_START_EVENT:
      let sequence = raw.data.sequence_start
      return Event(
        kind: .sequenceStart, range: range, hasAnchor: sequence.anchor != nil, hasTag: sequence.tag != nil)
    case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, range: range)
    case YAML_MAPPING_START_EVENT:
      let mapping = raw.data.mapping_start
      return Event(kind: .mappingStart, range: range, hasAnchor: mapping.anchor != nil, hasTag: mapping.tag != nil)
    case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, range: range)
    default: return Event(kind: .streamEnd, range: range)
    }
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }
}
