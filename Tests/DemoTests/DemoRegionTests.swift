import Configuration
import Delivering
import Demo
import HTTP
import JSON
import Model
import Monitor
import Parsing
import Testing

@Suite("The demo region on the air", .timeLimit(.minutes(1))) struct DemoRegionTests {
  @Test("moves with the clock, and its links lead to the port it really has")
  func clockMoves() async throws {
    let story = try DemoStory()
    let clockOfStory = VirtualClock(story.start)
    let region = try DemoRegion(story: story, now: { clockOfStory.now })
    defer { region.stop() }
    let client = try HTTPClient(policy: AddressPolicy(allow: CIDR("127.0.0.0/8").map { [$0] } ?? []))
    func items() async throws -> [FeedItem] {
      let response = try await client.send(
        HTTPClient.Request(.get, "\(region.url)/olha-news/feed", userAgent: "nabat/test"))
      return DocumentReader.read(
        Payload(bytes: response.body, url: response.url), options: ReadingOptions(now: clockOfStory.now)
      ).items
    }
    #expect(try await items().count == 1)
    clockOfStory.advance(to: try clock("09:38"))
    let later = try await items()
    #expect(later.first?.id == "olha-news-3")
    #expect(later.first?.link == "\(region.url)/olha-news/3")
    #expect(later.first?.commentsFeed == "\(region.url)/olha-news/comments/olha-news-3")
  }

}

@Suite("The demo's working directory") struct DemoFilesTests {
  @Test("holds a configuration, sources and a region that are read without a complaint")
  func sound() throws {
    let folder = try temporaryFolder() + "/demo"
    let files = try DemoFiles.write(into: folder, ports: DemoFiles.Ports(region: 1234, receiver: 5678))
    let server = try ConfigurationLoader.server(file: files.configuration, names: Registry.names)
    #expect(server.diagnostics.isEmpty)
    let configuration = try #require(server.value)
    #expect(configuration.instance.id == "demo")
    #expect(configuration.paths.database == files.database)
    #expect(configuration.paths.log == files.log)
    let sources = try ConfigurationLoader.sources(paths: [configuration.paths.feeds])
    #expect(sources.diagnostics.isEmpty)
    #expect(sources.value.count == 8)
    #expect(sources.value.allSatisfy { $0.url.hasPrefix("http://127.0.0.1:1234/") })
    let regions = try ConfigurationLoader.regions(paths: [configuration.paths.regions])
    #expect(!regions.diagnostics.contains { $0.severity != .info })
    #expect(regions.value.map(\.code) == ["XA-ZAR"])
    #expect((try? WebhookSecret(files.secret)) != nil)
  }

  @Test("keeps its secret and tells its ports at the next start")
  func restart() throws {
    let folder = try temporaryFolder()
    let ports = DemoFiles.Ports(region: 1234, receiver: 5678)
    #expect(DemoFiles.earlierPorts(in: folder) == nil)
    let first = try DemoFiles.write(into: folder, ports: ports)
    #expect(DemoFiles.earlierPorts(in: folder) == ports)
    #expect(try DemoFiles.write(into: folder, ports: ports).secret == first.secret)
    #expect(try DemoFiles.write(into: temporaryFolder(), ports: ports).secret != first.secret)
  }

  @Test("says why it cannot be written")
  func unwritable() throws {
    let error = #expect(throws: DemoError.self) {
      _ = try DemoFiles.write(into: "/proc/none", ports: DemoFiles.Ports(region: 1, receiver: 2))
    }
    guard case .inputOutput(let path, _) = error else {
      Issue.record("no input/output error: \(String(describing: error))")
      return
    }
    #expect(path == "/proc/none")
  }
}
