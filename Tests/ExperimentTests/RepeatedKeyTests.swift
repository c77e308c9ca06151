import Experiment
import Foundation
import Testing

@Suite struct RepeatedKeyTests {
  @Test(arguments: [
    (#"{"a": 1, "a": 2}"#, "a"), (#"{"a":1,"b":{"c":1,"d":2,"c":3}}"#, "c"), (#"[{"a": 1}, {"b": 1, "b"  : 2}]"#, "b"),
    (#"{"theta": 1, "thet\u0061": 2}"#, "theta"), (#"{"a\"b": 1, "a\"b": 2}"#, "a\"b"), (#"{"": 1, "": 2}"#, ""),
    ("{\"a\": 1, \"a\"\t\r\n: 2}", "a"), (#"{"a": {"a": 1}, "b": [], "a": 0}"#, "a"),
  ])
  func `a key that stands twice in one object is found`(json: String, key: String) {
    #expect(CanonicalJSON.repeatedKey(in: Data(json.utf8)) == key)
  }

  @Test(arguments: [
    #"{"a": "a", "b": "a"}"#, #"{"a": {"a": 1}, "b": {"a": 1}}"#, #"[{"a": 1}, {"a": 1}]"#, #"["a", "a"]"#,
    #"{"a": "\\", "b": "\": ", "c": ":"}"#, #"{"a": ["b", "b"], "b": 1}"#, "", "{", "\"", #"{"a\"#, "}",
    #""a": 1, "a": 2"#,
  ])
  func `nothing else is`(json: String) {
    #expect(CanonicalJSON.repeatedKey(in: Data(json.utf8)) == nil)
  }
}
