/// Room for the trivial values of one text, kept from text to text.
///
/// A handle: copies share the room, which one owner gives back with `deallocate`. Bare memory, since an array in a class
/// is checked for its uniqueness and for exclusive access at every step of the hottest loops.
struct Scratch<Element: BitwiseCopyable> {
  private struct Room {
    var base: UnsafeMutablePointer<Element>
    var count = 0
    var capacity: Int
  }

  private let room: UnsafeMutablePointer<Room>

  init(capacity: Int = 64) {
    room = .allocate(capacity: 1)
    room.initialize(to: Room(base: .allocate(capacity: capacity), capacity: capacity))
  }

  func deallocate() {
    room.pointee.base.deallocate()
    room.deallocate()
  }

  @inline(__always)
  var count: Int { room.pointee.count }

  @inline(__always)
  var isEmpty: Bool { room.pointee.count == 0 }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { room.pointee.base[index] }
    nonmutating set { room.pointee.base[index] = newValue }
  }

  @inline(__always)
  func append(_ element: Element) {
    if room.pointee.count == room.pointee.capacity { grow() }
    (room.pointee.base + room.pointee.count).initialize(to: element)
    room.pointee.count &+= 1
  }

  @inline(__always)
  func removeAll() { room.pointee.count = 0 }

  func removeAll(from count: Int) { room.pointee.count = count }

  func sort(_ range: Range<Int>, by precedes: (Element, Element) -> Bool) {
    var values = UnsafeMutableBufferPointer(rebasing: values[range])
    values.sort(by: precedes)
  }

  private var values: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: room.pointee.base, count: room.pointee.count)
  }

  private func grow() {
    let old = room.pointee.base
    let capacity = room.pointee.capacity * 2
    let base = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    base.initialize(from: old, count: room.pointee.count)
    old.deallocate()
    room.pointee.base = base
    room.pointee.capacity = capacity
  }
}
