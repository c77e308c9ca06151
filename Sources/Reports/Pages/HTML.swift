import Experiment
import Foundation
import Storage

/// The parts of a page.
enum HTML {
  static func text(_ text: String) -> String {
    text.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  static func list(_ items: [String], kind: String = "facts") -> String {
    "<ul class=\"\(kind)\">\n" + items.map { "<li>\(text($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// A table that scrolls by itself on a narrow screen, and is sorted by a click on a heading.
  static func table(_ table: TextTable) -> String {
    let table = table.forPeople
    let shown = table.columns.indices
    let right = table.isRightAligned
    let heading = shown.map { column in
      "<th scope=\"col\"\(right[column] ? " class=\"number\"" : "")>\(text(table.columns[column].title))</th>"
    }.joined()
    let rows = table.rows.map { row in
      "<tr>" + shown.map { cell(row[$0]) }.joined() + "</tr>\n"
    }
    let caption = table.title.isEmpty ? "" : "<caption>\(text(table.title))</caption>"
    return
      "<div class=\"wide\" tabindex=\"0\"><table>\(caption)<thead><tr>\(heading)</tr></thead>\n<tbody>\n\(rows.joined())"
      + "</tbody></table></div>\n" + table.notes.map { "<p class=\"note\">\(text($0))</p>\n" }.joined()
  }

  /// A number is sorted by its exact value.
  private static func cell(_ cell: Cell) -> String {
    let sorted: Double? =
      switch cell {
      case .integer(let value): Double(value)
      case .number(let value, _, _), .spread(let value, _, _): value
      case .text, .flag, .missing, .inapplicable: nil
      }
    let data = sorted.map { " data-value=\"\($0)\"" } ?? ""
    let text = text(cell.text)
    let kind = cell.isNumeric || cell == .inapplicable ? " class=\"number\"" : text.count > 24 ? " class=\"long\"" : ""
    return "<td\(kind)\(data)>\(text)</td>"
  }

  /// Pictures in the page or as data, so that it is one file, each with its numbers.
  static func figures(_ images: [PlotImage]) -> String {
    if images.isEmpty { return "<p>None: nothing has been trained yet.</p>\n" }
    let missing = images.filter { $0.failure == .noGnuplot }.map(\.plot.title)
    let note =
      missing.isEmpty
      ? ""
      : "<p class=\"note\">Not drawn, since the machine that made this page has no gnuplot: \(text(missing.joined(separator: "; "))).</p>\n"
    return "<div class=\"figures\">\n"
      + images.filter { $0.failure != .noGnuplot }.map { image in
        let plot = image.plot
        if let failure = image.failure {
          return "<figure><p class=\"note\">\(text(plot.title)): not drawn. \(text("\(failure)"))</p></figure>\n"
        }
        let picture =
          plot.chart?.svg(title: plot.title, for: .page)
          ?? "<img src=\"data:\(image.kind.mime);base64,\(image.data.base64EncodedString())\" alt=\"\(text(plot.title))\">"
        return """
          <figure><div class="picture">\(picture)</div>
          <figcaption>\(text(plot.title)) (<a download="\(plot.name).csv" href="data:text/csv;charset=utf-8,\(inAddress(plot.csv))">numbers as \
          CSV</a>)</figcaption></figure>

          """
      }.joined() + "</div>\n" + note
  }

  /// A text as data in an address: what has no meaning there stands as it is, which takes less room than base64.
  private static func inAddress(_ text: String) -> String {
    var kept = CharacterSet(charactersIn: "-._~,;:()")
    kept.formUnion(CharacterSet(charactersIn: "a"..."z"))
    kept.formUnion(CharacterSet(charactersIn: "A"..."Z"))
    kept.formUnion(CharacterSet(charactersIn: "0"..."9"))
    return text.addingPercentEncoding(withAllowedCharacters: kept) ?? ""
  }

  /// A page's Content-Security-Policy: its own style and script, told by their hashes, pictures as data, and nothing else.
  static let policy = [
    "default-src 'none'", "style-src \(hash(style))", "script-src \(hash(script))", "img-src data:", "base-uri 'none'",
    "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")

  private static func hash(_ text: String) -> String {
    let digits = Array(SHA256.hexDigest(of: text))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    return "'sha256-\(Data(bytes).base64EncodedString())'"
  }

  static let style = """

    :root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --soft: #444; --line: #ddd; --head: #f4f6f8; --bar: #bbb;
      --link: #005a8f; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181b; --soft: #b5b9bd; --line: #3a3f45;
      --head: #23272c; --bar: #575d63; --link: #7cc4f0; } }
    body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; color: var(--ink);
      background: var(--paper); }
    h1 { margin-bottom: 0; } h2 { border-bottom: 2px solid #0072b2; padding-bottom: .2rem; margin-top: 2.5rem; }
    a { color: var(--link); }
    .wide { overflow-x: auto; margin: 1rem 0; }
    table { border-collapse: collapse; font-size: .9rem; }
    caption { text-align: left; font-weight: 600; padding: .3rem 0; }
    th, td { padding: .25rem .4rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
    th { white-space: nowrap; border-bottom: 2px solid #888; background: var(--head); }
    td { max-width: 24rem; } th.number { text-align: right; } td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    td.long { min-width: 14rem; overflow-wrap: break-word; }
    tbody tr:hover { background: var(--head); }
    .sortable th { cursor: pointer; }
    .warnings li { margin: .3rem 0; } .warnings { border-left: 4px solid #d55e00; padding-left: 1.6rem; }
    .note { font-size: .9rem; color: var(--soft); margin: .2rem 0; max-width: 60rem; }
    .figures { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }
    figure { margin: 0; } .picture { overflow-x: auto; border: 1px solid var(--line); }
    .picture img, .picture svg.chart { display: block; width: 100%; min-width: 32rem; height: auto; } .picture img { background: #fff; }
    .mark:hover path:not([stroke-linecap]), .mark.told path:not([stroke-linecap]) { stroke-width: 3; } .entry { cursor: pointer; } .mark.off { display: none; }
    .entry.off { opacity: .35; }
    figcaption { font-size: .9rem; color: var(--soft); }
    @media (max-width: 30rem) { body { padding: 0 .5rem 2rem; } th { white-space: normal; }
      td:first-child, th:first-child { position: sticky; left: 0; min-width: 5rem; overflow-wrap: break-word;
        background: var(--paper); } }
    input.filter { font: inherit; padding: .3rem .5rem; width: 16rem; max-width: 100%; box-sizing: border-box; }
    @media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #333; --line: #ccc; --head: #eee; --bar: #bbb; }
      body { max-width: none; font-size: 10pt; } .wide { overflow: visible; } table { font-size: 7pt; }
      th, td { padding: 1pt 3pt; } th { white-space: normal; } td.long { min-width: 0; } figure, tr { break-inside: avoid; } input.filter { display: none; }
      .figures { grid-template-columns: 1fr 1fr; } .picture { overflow: visible; } .picture img, .picture svg.chart { min-width: 0; } }

    """

  /// Sorting, filtering, values under the pointer, and on a live page what is new: the page is whole without it.
  static let script = """

    const sortable = page => {
      for (const table of page.querySelectorAll('table')) {
        const body = table.tBodies[0];
        if (body.rows.length < 2) continue;
        table.classList.add('sortable');
        Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
          heading.title = 'sort';
          heading.addEventListener('click', () => {
            const down = heading.dataset.order === 'up';
            heading.dataset.order = down ? 'down' : 'up';
            const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
            const rows = Array.from(body.rows).sort((a, b) => {
              const [x, y] = [key(a), key(b)], d = Number(x) - Number(y);
              return x === '' ? 1 : y === '' ? -1 : (isNaN(d) ? x.localeCompare(y) : d) * (down ? -1 : 1);
            });
            body.append(...rows);
          });
        });
        if (body.rows.length < 8) continue;
        const input = document.createElement('input');
        input.className = 'filter'; input.placeholder = 'filter rows'; input.setAttribute('aria-label', 'filter rows');
        input.addEventListener('input', () => {
          const text = input.value.toLowerCase();
          for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(text);
        });
        table.parentElement.before(input);
      }
    };
    sortable(document);

    const marks = entry => entry.closest('svg').querySelectorAll(`.mark[data-mark="${entry.dataset.mark}"]`);
    document.addEventListener('click', event => {
      const entry = event.target.closest('.entry');
      if (!entry) return;
      entry.classList.toggle('off');
      for (const mark of marks(entry)) mark.classList.toggle('off');
    });
    const point = isOver => event => {
      const chart = event.target.closest('svg.chart');
      if (!chart) return;
      const entry = event.target.closest('.entry');
      if (entry) for (const mark of marks(entry)) mark.classList.toggle('told', isOver);
      if (!isOver) chart.querySelector('.value').textContent = '';
    };
    document.addEventListener('pointerover', point(true));
    document.addEventListener('pointerout', point(false));
    const along = (axis, value) => {
      const [low, high, log] = axis.split(' ');
      return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    };
    document.addEventListener('pointermove', event => {
      const chart = event.target.closest('svg.chart');
      if (!chart) return;
      let [told, least] = ['', 12];
      const { a, e, f } = chart.getScreenCTM();
      for (const mark of chart.querySelectorAll('.mark[data-values]:not(.off)')) {
        const panel = mark.parentElement;
        const [left, top, width, height] = ['x', 'y', 'width', 'height'].map(name => a * panel[name].baseVal.value);
        for (const value of mark.dataset.values.split(' ')) {
          const [x, y, error] = value.split(',');
          const distance = Math.hypot(
            event.clientX - e - left - width * along(panel.dataset.x, x),
            event.clientY - f - top - height * (1 - along(panel.dataset.y, y)));
          if (!(distance < least)) continue;
          least = distance;
          told = `${mark.querySelector('title').textContent}: ${y}${error ? ' ± ' + error : ''} at ${x}`;
        }
      }
      chart.querySelector('.value').textContent = told;
    });

    if (document.body.dataset.changes) {
      const changes = new EventSource(document.body.dataset.changes);
      changes.addEventListener('message', async () => {
        const answer = await fetch(location.pathname, { cache: 'no-store' });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        sortable(page);
        for (const name of ['header', 'main']) document.querySelector(name).replaceWith(page.querySelector(name));
      });
    }

    """
}
