import Notebook
import Testing

@Suite struct EveryChapter {
  @Test(arguments: 0..<5) func holds(_ index: Int) {
    #expect(Pages.all[index].exitStatus == 0)
  }
}
