package import HTTP

/// Failures in words for the officer: short, in Russian, with what to do.
package enum PollWords {
  /// What a status outside 200–299 means.
  package static func words(for status: Int) -> String {
    switch status {
    case 304: "304: сервер ответил «без изменений», хотя сравнивать было не с чем; подождём"
    case 401: "401: нужен вход; такие источники не читаются"
    case 403: "403: доступ закрыт; проверьте адрес в браузере или спросите владельца сайта"
    case 404: "404: адреса больше нет; найдите новый на сайте"
    case 410: "410: адрес убран навсегда; впишите новый или отключите источник"
    case 429: "429: просят спрашивать реже; увеличьте every"
    case 451: "451: закрыто по закону; отключите источник"
    case 503: "503: сайт перегружен или на обслуживании; повторим позже"
    case 300..<400: "\(status): перенаправление без адреса; проверьте адрес в браузере"
    case 400..<500: "\(status): сервер отказал; проверьте адрес"
    default: "\(status): ошибка на стороне сайта; повторим позже"
    }
  }

  /// Why there was no answer.
  package static func words(for error: HTTPError) -> String {
    switch error {
    case .invalidURL(let url): "это не адрес: \(url); исправьте url"
    case .schemeRefused(let url): "\(url): читаются только http и https; исправьте url"
    case .downgradeRefused(let url): "сайт уводит с https на незащищённый \(url); впишите верный адрес"
    case .addressRefused(let address, _):
      "адрес \(address) не из открытой сети; если он ваш, добавьте его в network.allow"
    case .unresolved(let host): "имя \(host) не находится; проверьте имя и DNS"
    case .connectionRefused(let host): "\(host) не принимает соединений; повторим позже"
    case .unreachable: "нет соединения; проверьте сеть"
    case .connectTimedOut(let seconds): "нет соединения за \(short(seconds)) с; повторим позже"
    case .timedOut(let seconds): "нет ответа за \(short(seconds)) с; повторим позже"
    case .tooSlow(_, let seconds): "ответ дольше \(seconds) с шёл слишком медленно; повторим позже"
    case .tooManyRedirects(let count): "больше \(count) перенаправлений: адрес ходит по кругу; проверьте его в браузере"
    case .bodyTooLarge(let limit): "ответ больше \(size(limit)); проверьте, тот ли это адрес"
    case .compressionBomb(let ratio): "ответ распаковывается более чем в \(ratio) раз; проверьте, тот ли это адрес"
    case .headersTooLarge: "слишком длинные заголовки ответа; проверьте адрес"
    case .tls(let words): "TLS: защищённое соединение не удалось (\(words)); проверьте сертификат сайта или ca_file"
    case .brokenAnswer: "ответ оборвался или это не HTTP; повторим позже"
    case .cancelled: "запрос отменён"
    case .library(let words): "запрос не удался: \(words)"
    }
  }

  private static func short(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int(seconds)) : String((seconds * 1000).rounded() / 1000)
  }

  private static func size(_ bytes: Int) -> String { bytes >= 1 << 20 ? "\(bytes >> 20) МБ" : "\(bytes) байт" }
}

/// Why a source is not polled at all.
package enum PollRefusal: Error, Hashable, Sendable {
  /// Its address is neither http nor https.
  case notWeb(String)
  /// Nobody is named whom the owner of the site could write to.
  case noContact
}

extension PollRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notWeb(let url): "не опрашивается: \(url) — не http и не https; исправьте url"
    case .noContact: "не опрашивается: не указан contact, по которому владелец сайта мог бы написать; добавьте его"
    }
  }
}
