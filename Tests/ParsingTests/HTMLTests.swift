import Testing

@testable import Parsing

@Suite("HTML comes out harmless")
struct HTMLTests {
  private func clean(_ html: String) -> String? { HTMLCleaner.clean(html.utf8, base: "https://a.example/x/y") }

  @Test(
    "what runs or hides is gone",
    arguments: [
      ("<script>alert(1)</script>Да", "Да"), ("<SCRIPT\n>x</SCRIPT >Да", "Да"), ("<style>p{}</style>Да", "Да"),
      ("<p onclick=x ONLOAD='y' style=\"a\">Да</p>", "<p>Да</p>"),
      ("<iframe src=https://b.example></iframe>Да", "Да"),
      ("<form action=/x><input name=a><b>Да</b></form>", "<div><span></span><b>Да</b></div>"),
      ("<object data=x><embed src=y>Да</object>", "Да"), ("<a href=\"java\tscript:x\">Да</a>", "<a>Да</a>"),
      ("<a href=\"&#106;avascript:x\">Да</a>", "<a>Да</a>"), ("<a href=' javascript:x'>Да</a>", "<a>Да</a>"),
      ("<img src=\"data:text/html,x\" alt=Да>", "<img alt=\"Да\">"),
      ("<svg onload=x><script>Нет</script></svg>Да", "<span></span>Да"),
      ("<!-- <b> --><b>Да", "<b>Да</b>"), ("Да<a href=\"vbscript:x", "Да<a></a>"),
      ("<unknown x=1>Да</unknown>", "<span>Да</span>"),
    ])
  func harmless(html: String, expected: String) { #expect(clean(html) == expected, "\(html)") }

  @Test(
    "what may not stay as it is leaves its text in its place",
    arguments: [
      // A poll: its choices stay lines of their own.
      (
        "<form><fieldset><legend>Мост?</legend><select><option>Да</option><option>Нет</option></select></fieldset></form>",
        "<div><div><div>Мост?</div><div><div>Да</div><div>Нет</div></div></div></div>"
      ),
      ("<label for=a>Имя</label><textarea>текст</textarea>", "<span>Имя</span><span>текст</span>"),
      ("<noscript><p>Без скриптов</p></noscript>", "<div><p>Без скриптов</p></div>"),
      // A drawing's own description, and a formula.
      (
        "<svg><title>Карта</title><path d=x></path><text>Мост</text></svg>",
        "<span><span>Карта</span><span></span><span>Мост</span></span>"
      ),
      ("<math><mi>a</mi><mo>+</mo><mi>b</mi></math>", "<span><span>a</span><span>+</span><span>b</span></span>"),
      ("<html><head><title>Страница</title></head><body>Да</body></html>", "Да"),
    ])
  func places(html: String, expected: String) { #expect(clean(html) == expected, "\(html)") }

  @Test("a declaration that never ends is text about declarations") func declaration() {
    #expect(clean("Статья о <!DOCTYPE") == "Статья о &lt;!DOCTYPE")
    #expect(clean("<!DOCTYPE html><p>Да</p>") == "<p>Да</p>")
    #expect(clean("Да <!-- недописано") == "Да")
  }

  @Test("links become absolute, text stays text") func links() {
    #expect(clean("<a href=z?a=1&amp;b=2>т</a>") == "<a href=\"https://a.example/x/z?a=1&amp;b=2\">т</a>")
    #expect(clean("<img src=//b.example/i.png>") == "<img src=\"https://b.example/i.png\">")
    #expect(clean("1 &lt; 2 &amp; 3") == "1 &lt; 2 &amp; 3")
    #expect(clean("") == nil)
    #expect(clean("<p></p>") == "<p></p>")
  }

  @Test("titles are plain: one more layer of entities is taken off, tags go") func titles() {
    #expect(PlainText.line("Мост <b>закрыт</b>") == "Мост закрыт")
    #expect(PlainText.line("&amp;laquo;Река&amp;raquo;") == "«Река»")
    #expect(PlainText.line("a&nbsp;b\n  c") == "a b c")
    #expect(PlainText.line("5 < 6 & 7 > 2") == "5 < 6 & 7 > 2")
    #expect(PlainText.line(" <br> ") == nil)
  }

  @Test("content becomes lines: blocks and br break, inline elements do not") func lines() {
    #expect(
      PlainText.text(clean: "<p>Раз <b>д</b>ва</p><ul><li>три</li><li>четыре</li></ul>пять<br>шесть")
        == "Раз два\nтри\nчетыре\nпять\nшесть")
    #expect(PlainText.text(clean: "1 &lt; 2") == "1 < 2")
  }

  @Test(
    "addresses are resolved as RFC 3986 has it; only the web survives",
    arguments: [
      ("g", "http://a/b/c/g"), ("./g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
      ("?y", "http://a/b/c/d;p?y"), ("#s", "http://a/b/c/d;p?q#s"), ("..", "http://a/b/"), ("../../g", "http://a/g"),
      ("../../../g", "http://a/g"), ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", nil), ("javascript:x", nil),
      ("ftp://b/", nil), ("HTTPS://b/", "HTTPS://b/"), (" http://b/ я ", "http://b/%20я"), ("http://", nil),
      ("at://b", nil), ("http:g", "http://g"),
    ] as [(String, String?)])
  func addresses(reference: String, expected: String?) {
    #expect(WebAddress.resolve(reference, base: "http://a/b/c/d;p?q") == expected, "\(reference)")
  }

  @Test("the language is guessed by letters and words") func languages() {
    #expect(Language.guess("Мы не знаем, откуда взялся этот слух, и просим жителей быть внимательнее") == "ru")
    #expect(Language.guess("Міська рада повідомляє, що міст зачинено, а їхати треба в об'їзд") == "uk")
    #expect(Language.guess("The bridge is closed for repairs and the detour is on the left bank of the river") == "en")
    #expect(Language.guess("Коротко") == nil)
  }
}
