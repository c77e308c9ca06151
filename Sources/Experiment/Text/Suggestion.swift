/// The name among `names` that a misspelt one was probably meant to be; nil when none is near.
package func nearest(to word: String, among names: some Sequence<String>) -> String? {
  let limit = word.count < 4 ? 1 : word.count < 9 ? 2 : 3
  // Of equally near ones that with the same first letter, which people seldom mistype.
  return names.lazy.map { name in
    (name: name, distance: editDistance(word.lowercased(), name.lowercased()), rank: name.first == word.first ? 0 : 1)
  }
  .filter { $0.distance <= limit && $0.distance < $0.name.count }
  .min { ($0.distance, $0.rank) < ($1.distance, $1.rank) }?.name
}

/// How many insertions, deletions, replacements or swaps of neighbours turn one word into the other.
///
/// - Source: the optimal string alignment distance (Damerau 1964, Levenshtein 1966).
package func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in 0...a.count { rows[i][0] = i }
  for j in 0...b.count { rows[0][j] = j }
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  for i in 1...a.count {
    for j in 1...b.count {
      let replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
      }
    }
  }
  return rows[a.count][b.count]
}
