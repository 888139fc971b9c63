import Testing

@testable import Datasets

@Test func smoke() throws {
  let clock = ContinuousClock()
  for _ in 0..<3 {
    var d: DigitData?
    let t = try clock.measure { d = try DigitData.embedded() }
    print("embedded", t, d!.train.count, d!.test.count, d!.train.labels.prefix(10))
  }
  let t2 = clock.measure { _ = try? IDXFile(contentsOf: "/tmp/x.gz", rank: 3) }
  print(t2)
  do { _ = try IDXFile(contentsOf: "/tmp/x.gz", rank: 3) } catch { print(error) }
}
