/// The Russian plural form that goes with a number: 1 публикация, 2 публикации, 5 публикаций, 21 публикация; with a
/// fraction the second form: 1,5 публикации. Source: CLDR plural rules, ru.
package func russianPlural(_ count: Double, one: String, few: String, many: String) -> String {
  guard count == count.rounded() else { return few }
  let hundreds = Int(abs(count).truncatingRemainder(dividingBy: 100))
  switch (hundreds % 10, hundreds) {
  case (_, 11...14): return many
  case (1, _): return one
  case (2...4, _): return few
  default: return many
  }
}

package func russianPlural(_ count: Int, one: String, few: String, many: String) -> String {
  russianPlural(Double(count), one: one, few: few, many: many)
}
