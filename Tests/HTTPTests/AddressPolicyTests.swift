import HTTP
import Testing

@Suite("The address policy") struct AddressPolicyTests {
  @Test(
    "refuses what is not public",
    arguments: [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
      "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.255.255.255",
      "255.255.255.255", "::", "::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "ff02::1",
      "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::192.168.0.1",
      "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::5", "2001:0:1::1",
    ])
  func refusesPrivate(_ text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressPolicy.publicOnly.refusal(of: address) != nil)
  }

  @Test(
    "lets public addresses through",
    arguments: [
      "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
      "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255", "2a00:1450::1",
      "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
    ])
  func allowsPublic(_ text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressPolicy.publicOnly.refusal(of: address) == nil)
  }

  @Test("lets through what the configuration allows, however it is written, and nothing more")
  func allowList() throws {
    let policy = AddressPolicy(allow: [try #require(CIDR("127.0.0.0/8")), try #require(CIDR("fd00::/8"))])
    for text in ["127.0.0.1", "127.255.0.1", "::ffff:127.0.0.1", "fd12::1"] {
      #expect(policy.refusal(of: try #require(IPAddress(text))) == nil, "\(text)")
    }
    for text in ["10.0.0.1", "fc00::1", "::1", "::ffff:10.0.0.1"] {
      #expect(policy.refusal(of: try #require(IPAddress(text))) != nil, "\(text)")
    }
  }

  @Test("of a source that may be private lets intranets through, but not the cloud's metadata")
  func allowPrivate() throws {
    let policy = AddressPolicy(allowsPrivate: true)
    #expect(policy.refusal(of: try #require(IPAddress("192.168.1.1"))) == nil)
    #expect(policy.refusal(of: try #require(IPAddress("fd00::1"))) == nil)
    #expect(policy.refusal(of: try #require(IPAddress("169.254.169.254"))) == "link-local")
    #expect(policy.refusal(of: try #require(IPAddress("224.0.0.1"))) == "multicast")
  }

  @Test("reads blocks of addresses and nothing else")
  func notation() {
    #expect(CIDR("10.1.2.3/8")?.description == "10.0.0.0/8")
    #expect(CIDR("::1")?.description == "::1/128")
    #expect(CIDR("0.0.0.0/0")?.contains(IPAddress(v4: .max)) == true)
    for text in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "::/129", "example.org", "1.2.3.4/"] {
      #expect(CIDR(text) == nil, "\(text)")
    }
  }
}
