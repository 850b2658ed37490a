import Glibc
import TestSupport
import Testing

@Suite("The demo that goes on serving") struct ServeTests {
  @Test("keeps running after the story, and ends with its summary when it is interrupted")
  func serve() async throws {
    // given
    let folder = try TestFolder()
    let run = try ProgramRun(["demo", "--fast", "--serve", "--dir", folder.path])
    #expect(await eventually(within: .seconds(60)) { !run.isRunning || run.output.contains("Рассказ окончен") })
    #expect(run.isRunning, "\(run.errors)")
    // when
    run.signal(SIGINT)
    let ended = await run.end()
    // then
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("Итог: 32 публикации"))
  }
}
