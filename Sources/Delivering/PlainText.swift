/// Text from outside, safe to show on one line of a terminal.
///
/// Control characters (C0, DEL, C1) and the marks that reverse the direction of text are removed; what separates lines
/// or columns becomes a space. Everything else stays as it is.
package func plainText(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x09...0x0D, 0x85, 0x2028, 0x2029: shown.append(" ")
    case 0x00...0x1F, 0x7F...0x9F: continue
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
    default: shown.append(scalar)
    }
  }
  return String(shown)
}
