/// The rows of every option, by program.
enum OptionRows {
  private static let noLedger = "elsewhere/ledger.sqlite: there is no ledger"
  private static let estimate = "small.yaml --estimate --rates ledger"
  private static let dryRun = "same.yaml --site generic --package p.tar.gz --dry-run"

  /// What keeps the books.
  static let books = plan + train + pool + look

  private static let plan =
    VerbOptions("qcalo plan", "small.yaml")
    .with("--keys", tells: "training.beta1", base: "")
    .with("--limit 1", tells: "more variants than the limit of 1;")
    .with("--skip-equivalent", tells: "2 variants (1 new, 1 skipped)", base: "same.yaml")
    .with("--estimate", tells: "core-hours", base: "small.yaml --workspace work")
    .with("--rates lxbatch", tells: "there is no submission to the site 'lxbatch'", base: estimate)
    .with("--walltime 1000s", tells: "A walltime of 0:15:00 is left", base: estimate)
    .with("--reach 100000000", tells: "does not reach checkpoint 100000000 within", base: estimate)
    .with("--threads 2", tells: "no run that had 2 threads", base: estimate)
    .with("--coverage", tells: "2 different points: 2 run.")
    .with("--families", tells: "2 different circuits, 2 families of functions.")
    .with("--workspace elsewhere", tells: "2 variants (2 new)")
    .printing(missing: nil, formula: "=1x")
    .rows

  private static let train =
    VerbOptions("qcalo run", "small.yaml", writes: true)
    .with("--limit 1", tells: "more variants than the limit of 1;")
    .tested(
      "--skip-equivalent", in: "ProgramTests/PlanProgramTests.swift",
      by: "\"run\", \"small.yaml\", \"--skip-equivalent\""
    )
    .with("--only Classical", tells: "2 runs left alone, finished: Classical, seed 1; Classical, seed 2\n")
    .with("--seeds 2", tells: "2 runs left alone, finished: Classical, seed 2; =1x, seed 2\n")
    .tested("--replace", in: "ProgramTests/SweepProgramTests.swift", by: "\"Classical\", \"--replace\"")
    .with(
      "--jobs 2", tells: "=t, seed 1: starts\nqcalo: =t, seed 2: starts\n", base: "tiny.yaml --workspace new --jobs 1"
    )
    .tested(
      "--threads", in: "ProgramTests/EstimateProgramTests.swift", by: "\"--only\", \"Classical\", \"--threads\", \"2\""
    )
    .with("--notify 'cat >told'", tells: "finished: ", base: "tiny.yaml --workspace new", then: "cat told")
    .with("--workspace elsewhere", tells: "=t, seed 1: starts", base: "tiny.yaml")
    .printing(missing: nil, formula: "=1x")
    .rows
    + VerbOptions("qcalo resume", "small", writes: true)
    .with("--only Classical", tells: "2 runs left alone, finished: Classical, seed 1; Classical, seed 2\n")
    .with("--seeds 2", tells: "2 runs left alone, finished: Classical, seed 2; =1x, seed 2\n")
    .tested("--replace", in: "ProgramTests/SweepProgramTests.swift", by: "\"Classical\", \"--replace\"")
    .with(
      "--jobs 2", tells: "seed 1: goes on from checkpoint 1\nqcalo: =t, seed 2: goes on from checkpoint 1\n",
      base: "more.yaml --jobs 1"
    )
    .with(
      "--threads 2", tells: "threads\n1\n2\n", base: "more.yaml",
      then: "qcalo query 'SELECT DISTINCT threads FROM attempts ORDER BY 1' --format csv"
    )
    .with("--notify 'cat >told'", tells: "finished: ", base: "more.yaml", then: "cat told")
    .printing(missing: "no sweep", formula: "=1x")
    .rows
    + VerbOptions("qcalo search step", "wanted.yaml", writes: true)
    .with("--site nowhere", tells: "there is no site 'nowhere'")
    .with("--sites nowhere", tells: "there is no site 'nowhere'")
    .tested("--watch", in: "ProgramTests/SearchProgramTests.swift", by: "--watch --every 1")
    .with("--every 0", tells: "--every: 0 is not in 1 … 86400")
    .with(
      "--workspace elsewhere", tells: "sweep\nwanted",
      then: "qcalo query 'SELECT sweep FROM searches' --format csv --workspace elsewhere"
    )
    .rows
    + VerbOptions("qcalo search replay", "small")
    .with("--curves curves.csv", tells: "Replay of curves.csv", base: "")
    .with("--rungs 2,3", tells: "2 3")
    .with("--factor 2", tells: "1 2 3")
    .with("--grace 4", tells: "1 3,3,4,", base: "small --format csv")
    .with("--share 2", tells: "--share: 2.0 is not in 0 … 1")
    .with("--objective none", tells: "is invalid for '--objective")
    .with("--orders 7", tells: "In 7 orders.")
    .with("--within 0.25", tells: "within 0.25 of it")
    .with("--per run", tells: "1 3,3,0,0.0,4,", base: "small --format csv")
    .printing(missing: noLedger, formula: nil)
    .rows
    + VerbOptions("qcalo rehearse", "tiny.yaml", writes: true, worker: "/bin/false")
    .with("--only nothing", tells: "no variant")
    .with("--kills 40", tells: ": 20 checkpoints of 20 iterations, undisturbed")
    .with("--checkpoints 5", tells: ": 5 checkpoints of 20 iterations, undisturbed")
    .with("--interval 7", tells: ": 10 checkpoints of 7 iterations, undisturbed")
    .rows
    // The first kill of either seed comes early.
    + VerbOptions("qcalo rehearse", "tiny.yaml --kills 1 --interval 5 --seed 18", writes: true)
    .with("--signal KILL", tells: "1 kills (1 SIGKILL, 0 SIGTERM)")
    .with("--seed 49", tells: "1 kills (1 SIGKILL, 0 SIGTERM)")
    .with(
      "--workspace elsewhere", tells: "1 rehearsals", then: "echo `ls elsewhere/rehearsals | grep -c json` rehearsals"
    )
    .rows

  private static let pool =
    VerbOptions("qcalo lint", "same.yaml --site generic")
    .with("--limit 1", tells: "more variants than the limit of 1;")
    .with("--skip-equivalent", tells: "1 MB for all that run at once")
    .with("--site lxbatch", tells: "Rules of lxbatch")
    .with("--workspace /eos/user/x", tells: "/eos/user/x is under /eos", base: "same.yaml --site lxbatch")
    .printing(missing: nil, formula: nil)
    .rows
    + VerbOptions("qcalo submit", dryRun, writes: true)
    .with("--limit 1", tells: "more variants than the limit of 1;")
    .with("--skip-equivalent", tells: "1 runs would be submitted to generic; nothing was.")
    .with("--only b", tells: "1 runs would be submitted to generic; nothing was.")
    .with("--seeds 2", tells: "same has no seed 2; it has 1")
    .tested("--replace", in: "StudyTests/Start/StartedSweepTests.swift", by: "replaces: true")
    .with("--site lxbatch", tells: "lxbatch")
    .with("--dry-run", tells: "nothing was.", base: "same.yaml --site generic --package p.tar.gz")
    .with(
      "--sites generic,local-pool", tells: "1 runs would be submitted to local-pool",
      base: "same.yaml --package p.tar.gz --dry-run"
    )
    .with("--priority 7", tells: "\npriority = 7\n")
    .with("--dag", tells: "FINAL collect-and-report")
    .with("--package q.tar.gz", tells: "another worker", then: "cat work/submissions/same-1/qcalo-worker.tar.gz")
    .with("--workspace elsewhere", tells: "elsewhere/submissions/same-1/sweep.sub")
    .rows
    + ["hold", "release", "cancel"].flatMap { verb in
      VerbOptions("qcalo \(verb)", "same").with("--workspace submitted", tells: "submitted sweeps: same").rows
    }
    + VerbOptions("qcalo priority", "same --value 1")
    .with("--workspace submitted", tells: "submitted sweeps: same")
    .with("--value 1000001", tells: "1000001 is not in", base: "same")
    .rows
    + VerbOptions("qcalo forget", "same").with("--workspace submitted", tells: "there are same-1").rows
    + VerbOptions("qcalo package")
    .tested("--output", in: "ProgramTests/OutputProgramTests.swift", by: "qcalo package --output other.tar.gz")
    .rows

  private static let look =
    VerbOptions("qcalo status", "small", writes: true)
    .tested("--watch", in: "ProgramTests/StatusProgramTests.swift", by: "a watched status looks again")
    .tested("--every", in: "ProgramTests/StatusProgramTests.swift", by: "a watched status looks again")
    .with("--notify cat", tells: "--notify: it goes with --watch")
    .with("--sort zzz", tells: "--sort: there is no column 'zzz'")
    .with("--columns seed", tells: "Status of small\nseed\n")
    .with("--where seed=2", tells: "────\n   2\n   2\n", base: "small --columns seed")
    .with("--reverse", tells: "────\n   2\n   1\n", base: "small --columns seed")
    .printing(missing: noLedger, formula: "=1x")
    .rows
    + VerbOptions("qcalo wait", "small", writes: true)
    .with("--every 0", tells: "--every: 0 is not in 1 … 86400")
    .tested("--at-most", in: "ProgramTests/WaitProgramTests.swift", by: "qcalo wait long --at-most 0.5s")
    .with("--notify 'cat >told'", tells: "told: finished: ", then: "echo told: `cat told`")
    .with("--workspace elsewhere", tells: "there is no sweep 'small'")
    .printing(missing: nil, formula: "=1x")
    .rows
    + VerbOptions("qcalo bundle", "small --output b.tar", writes: true)
    .with("--output c.tar", tells: "c.tar: 4 runs")
    .with("--workspace elsewhere", tells: "there is no sweep 'small'")
    .rows
    + VerbOptions("qcalo import", "small.tar", writes: true)
    .with("--workspace elsewhere", tells: "4 runs taken in")
    .with("--output theirs.yaml", tells: "exit 0\ntheirs.yaml\n", base: "theirs.json")
    .with("--run BNReLU_hpo27-M1-Sge12", tells: "label: \"BNReLU_hpo27-M1-Sge12\"", base: "theirs.json")
    .rows
    + VerbOptions("qcalo why", "classical-cond-6").with("--workspace elsewhere", tells: noLedger).rows
    + VerbOptions("qcalo show", "{1X}")
    .with("--against {CLASSICAL}", tells: "settings are the same.")
    .with("--log", tells: "exit 0\ncheckpoint 0 of 3")
    .printing(missing: noLedger, formula: nil)
    .rows
    + VerbOptions("qcalo note", "{1X}", writes: true)
    .with("--tag talk,best", tells: "best,talk")
    .with("--untag best", tells: ",,\n", base: "{1X} --tag best --format csv")
    .with("--text hello", tells: "hello")
    .printing(missing: noLedger, formula: nil)
    .rows
    + VerbOptions("qcalo rename", "small large", writes: true)
    .with("--workspace elsewhere", tells: noLedger)
    .rows
    + VerbOptions("qcalo doctor")
    .with("--disk", tells: "MB of its own")
    .with("--workspace elsewhere", tells: "elsewhere is not there yet")
    .printing(missing: nil, formula: nil)
    .rows
    + VerbOptions("qcalo remove", "small", writes: true)
    .with("--keep-runs", tells: "1 sweep, 0 runs")
    .with("--workspace elsewhere", tells: noLedger)
    .rows
    + VerbOptions("qcalo bin list")
    .tested("--workspace", in: "StudyTests/House/RemovedFilesTests.swift", by: "bin.entries()")
    .printing(missing: nil, formula: nil)
    .rows
    + VerbOptions("qcalo bin restore", "small", writes: true)
    .tested("--workspace", in: "StudyTests/House/RemovedFilesTests.swift", by: "bin.restore(\"small\")")
    .rows
    + VerbOptions("qcalo bin empty", writes: true)
    .tested("--workspace", in: "StudyTests/House/RemovedFilesTests.swift", by: "bin.empty()")
    .rows
    + VerbOptions("qcalo results", "small")
    .with("--all", tells: "Results of tiny", base: "")
    .with("--per run", tells: "[0:3] 4 cut")
    .tested("--sort", in: "ProgramTests/EvaluateProgramTests.swift", by: "\"--sort\", \"fpd\"")
    .with("--columns trained", tells: "Results of small\ntrained\n")
    .with("--where label~1x", tells: "─\n=1x", base: "small --columns label")
    .with("--reverse", tells: "─\n=1x", base: "small --columns label")
    .with("--paper", tells: "hidden layers")
    .with("--beside-slides", tells: "slides: χ²/NDF", base: "small --paper")
    .with("--curve {1X}", tells: "χ²/NDF", base: "")
    .printing(missing: noLedger, formula: "=1x")
    .rows
    + VerbOptions("qcalo compare", "=1x Classical --sweep small")
    .with("--at window", tells: "mean χ²/NDF over the window around the best checkpoint")
    .with("--sweep small", tells: "=1x against Classical: best", base: "=1x Classical")
    .with("--by held_out_chi2", tells: "Seeds that have not been evaluated")
    .with("--table metrics.csv", tells: "FPD ×10³,2,-500.0", base: "a b --by fpd --format csv")
    .with("--forest drawn", tells: "drawn: forest.csv", then: "echo drawn: `ls drawn | head -1`")
    .printing(missing: noLedger, formula: nil)
    .rows
    + VerbOptions("qcalo select", "small --by chi2 --output out", writes: true)
    .with("--by chi2", tells: "The best simulators by χ²/NDF in training", base: "small --output out")
    .with("--output else", tells: "manifest.json", base: "small --by chi2", then: "ls else")
    .printing(missing: noLedger, formula: nil)
    .rows
    + VerbOptions("qcalo export", "small --output out", writes: true)
    .with("--to csv", tells: "out/variants.csv\n")
    .with("--format onnx", tells: "exit 0\nout\n", base: "{CLASSICAL} --output out")
    .with("--checkpoint 9", tells: "checkpoint 9 is not there", base: "{CLASSICAL} --output out --format onnx")
    .with("--part before", tells: "no layers stand before circuits", base: "{CLASSICAL} --output out --format onnx")
    .with("--output else.tex", tells: "exit 0\nelse.tex\n", base: "small --to latex --output out")
    .with("--csv-safe", tells: "'=1x", base: "small --output out --to csv", then: "cat out/variants.csv")
    .with("--workspace elsewhere", tells: noLedger, base: "small --output out --to csv")
    .rows
    + VerbOptions("qcalo plots", "tiny --no-showers --output out", writes: true)
    .with("--output else", tells: "else/curves.svg")
    .with("--showers", tells: "t-0-etot-65536.svg")
    .with("--no-showers", tells: "out: 18 files", base: "tiny --output out", then: "echo out: `ls out | wc -l` files")
    .with("--workspace elsewhere", tells: noLedger)
    .rows
    + VerbOptions("qcalo report", "tiny --no-showers --output r.html", writes: true)
    .with("--output else.html", tells: "exit 0\nelse.html\n")
    .with("--showers", tells: "figures: 9", then: "echo figures: `grep -c '<figure' r.html`")
    .with(
      "--no-showers", tells: "figures: 6", base: "tiny --output r.html",
      then: "echo figures: `grep -c '<figure' r.html`"
    )
    .with("--workspace elsewhere", tells: noLedger)
    .rows
    + VerbOptions("qcalo serve", "nothing", writes: true)
    .tested("--port", in: "ProgramTests/ReportProgramTests.swift", by: "[\"serve\", \"small\", \"--port\"")
    .tested("--every", in: "ProgramTests/ReportProgramTests.swift", by: "content=\\\"1\\\"")
    .tested("--showers", in: "ProgramTests/ReportProgramTests.swift", by: "\"--no-showers\"]")
    .tested("--no-showers", in: "ProgramTests/ReportProgramTests.swift", by: "\"--no-showers\"]")
    .with("--workspace elsewhere", tells: "there is none in this ledger", base: "nothing --port 0")
    .rows
    + VerbOptions("qcalo query", "'SELECT char(61) || 1 AS a UNION SELECT 2'")
    .with("--tables", tells: "discriminator_gradient", base: "")
    .with("--limit 1", tells: "there are more than these 1 rows")
    .with(
      "--seconds 0.001", tells: "it has not ended within 0.001 s",
      base: "'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n'"
    )
    .printing(missing: noLedger, formula: "=1")
    .rows
    + VerbOptions("qcalo collect", writes: true)
    .with("--rebuild", tells: "44 records and 11 descriptions taken in; 0 problems.")
    .with("--workspace elsewhere", tells: "elsewhere: there is no such workspace")
    .rows
}
