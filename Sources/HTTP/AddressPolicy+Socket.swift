import CCurl
import Glibc

extension AddressPolicy {
  /// The socket that libcurl asks for, where its address may be reached; otherwise none, and why stands in `refusal`.
  func openSocket(for address: UnsafeMutablePointer<curl_sockaddr>, _ refusal: inout HTTPError?) -> curl_socket_t {
    guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr),
      let target = IPAddress(socketAddress: UnsafeRawPointer(address) + offset)
    else { return nabat_curl_bad_socket() }
    if let range = self.refusal(of: target) {
      refusal = .addressRefused(address: "\(target)", range: range)
      return nabat_curl_bad_socket()
    }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, kind, address.pointee.protocol)
  }
}
