import Testing

/// What nobody hid must not be found: each text beside words that a careless folding would see in it.
@Suite("An ordinary text stays what it is") struct OrdinaryTextTests {
  private func silent(_ words: String, _ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    #expect(try RuleTrial([words]).found(text) == [], "\(text)", sourceLocation: location)
  }

  private func plain(_ words: String, _ text: String, _ found: String, _ location: SourceLocation = #_sourceLocation)
    throws
  {
    #expect(try RuleTrial([words]).found(text) == ["r0: \(found)"], "\(text)", sourceLocation: location)
  }

  @Test("numbers beside words, and with endings") func numbers() throws {
    try plain("завод, звод", "3 завода стоят", "завода")
    try silent("раз, два", "1 2 3 4 5, 1.2.3.4.5")
    try plain("раз", "в 2 раза больше", "раза")
    try silent("чай, бой, чаять, баять", "4ая школа, 6ой микрорайон, 6ая и 30ые, 0ой, 4ей")
    try silent("озон, зов", "030н, 30 ов")
    try silent("миг, газ", "МиН-3, ГАЗон-3")
    try silent("бар, год, шторм", "6 ар, 0 од, 4 кг, 6кг, 3км, 40мм, 60га, 5шт")
  }

  @Test("single letters") func letters() throws {
    try silent("аиба, аб, абв", "А и Б сидели на трубе; а) б) в) г) д)")
    try silent("абвг, вгд", "а б в г д е ж з и к л м н")
    try silent("пушкин", "1 А 1 Б 1 В 2 А")
    try plain("пушкин", "А. С. Пушкин", "Пушкин")
    try plain("пушкин", "стихи А.С.Пушкина", "Пушкина")
    try silent("комар, победа", "Пришли К.О.Мар и П.О.Беда")
    try silent("тек, тел, итд", "т. е., т.е. так, и т. д., и т.п., у.е.")
    try silent("ион, яс", "и я, и ты: в вас, а я с ним")
  }

  @Test("abbreviations") func abbreviations() throws {
    try plain("ооо", "ООО «Ромашка»", "ООО")
    try plain("ссср", "СССР и С.С.С.Р", "СССР")
    try silent("ковид, сова", "COVID-19 и SARS-CoV-2, H5N1, CO2, Ту-154, Як-40, Т-34, МиГ-29, 3D-печать, А4")
    try silent(
      "нота, тор, вот, рор", "hot-дог, top-менеджер, bot-ферма, pop-музыка, e-mail, Wi-Fi-роутер, COVID-больной")
  }

  @Test("words that have three letters in a row by right") func runs() throws {
    try plain("длинношеий", "длинношеее животное", "длинношеее")
    try silent("ого, змея", "XXX, www, ооо, ААА, змееед")
  }

  @Test("English sentences") func english() throws {
    let words =
      "город, вода, дом, река, мост, пост, лист, порт, стол, поле, кот, море, план, фронт, банк, спорт, партия, дамба"
    for text in [
      "The most important thing about a river dam is the level of water in it.",
      "Read more: list of ports, sport and bank plans. The plan is on the front page.",
      "Domain names are not words; a dam is no damba to anyone who reads English texts.",
    ] { try silent(words, text) }
  }

  @Test("addresses, names of files and code") func addresses() throws {
    let words = "город, вода, новость, дамба, прорыв, авария, почта, отчет, дом"
    for text in [
      "Подробнее: https://gorod.ru/novosti/voda.html", "Пишите на avaria@gorod.ru",
      "Смотри gorod.ru/voda?dom=proryv&voda=1",
      "Файл otchet_voda.docx, C:\\gorod\\voda", "Страница index.html#damba", "git checkout voda-proryv на сервере",
    ] { try silent(words, text) }
  }

  @Test("asterisks that mark, multiply and refer") func asterisks() throws {
    try plain("дамба", "**дамба** прорвана", "дамба")
    try plain("дамба", "*дамба* прорвана", "дамба")
    try plain("срочно", "важно*срочно*читать", "срочно")
    try silent("дамба, дом", "5*6=30, 3*х, д * м2")
    try plain("признан", "Фонд* признан иноагентом", "признан")
  }

  @Test("marks that make a letter") func letterMarks() throws {
    try plain("йод", "и\u{306}од", "и\u{306}од")
    try plain("ёлка", "е\u{308}лка", "е\u{308}лка")
  }
}
