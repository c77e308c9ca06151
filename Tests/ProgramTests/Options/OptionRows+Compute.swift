extension OptionRows {
  private static let evaluation = "--reference {DATA} --generated {DATA}"
  private static let measured = evaluation + " --metrics separation"
  private static let generated =
    "--reference {DATA} --checkpoint work/runs/{1X}/checkpoints/generator-000003.h5 --metrics separation"
  private static let measurable =
    "--reference {DATA} --checkpoint work/runs/{1X}/checkpoints/generator-000003.h5 --metrics chi2"
  private static let once = measurable + " --shots exact --events 5"
  private static let shot = "{1X} --at 3 --held-out 5 --metrics chi2 --shots exact"
  private static let devices = "cat work/runs/{1X}/devices.jsonl"
  private static let placed = "circuit.json --inputs 0.1,0.2 --format qiskit"
  private static let elevenQubits = "0,1,2,3,5,8,11,14,13,12,10"
  private static let fresh = "work/runs/{CLASSICAL}/job.json --run-folder fresh"
  private static let inspect = "qcalo-worker dataset inspect g.h5"
  private static let bench = "--only circuit --seconds 0.001 --qubits 5 --threads 1"

  /// What computes.
  static let compute = trainings + showers + datasets + circuits + checkpoints + timings

  private static let trainings =
    VerbOptions("qcalo-worker train", fresh, writes: true)
    .with("--run-folder fresh", tells: "checkpoint 0 of 3: ", base: "work/runs/{CLASSICAL}/job.json")
    .with("--walltime 0.001s", tells: "the walltime of 0 s is nearly over")
    .with("--margin 3600", tells: "the walltime of 60 min is nearly over", base: fresh + " --walltime 1h")
    .tested(
      "--accept-different-binary", in: "TrainingTests/WorkerCommandTests.swift", by: "\"--accept-different-binary\""
    )
    .with("--exit-after-checkpoint", tells: "exit 85\n")
    .with("--exit-interval 1000", tells: "exit 0\n", base: fresh + " --exit-after-checkpoint")
    .with("--trace t.h5", tells: "t.h5 holds 6 of the 1000 iterations")
    .with("--trace-iterations 7", tells: "t.h5 holds 6 of the 7 iterations", base: fresh + " --trace t.h5")
    .with("--threads 2", tells: "\"threads\":2", then: "cat fresh/journal/*")
    .with("--instruction-set generic", tells: "\"kernels\":\"generic\"", then: "cat fresh/journal/*")
    .rows

  private static let showers =
    VerbOptions("qcalo-worker evaluate", evaluation)
    .with("--reference {SINGLE}", tells: "the incident energies differ: 65536 MeV in the reference")
    .with("--generated {DATA}", tells: "\"chi2\" : 0,", base: "--reference {DATA}")
    .with(
      "--checkpoint work/runs/{1X}/checkpoints/generator-000003.h5", tells: "\"reduced\" : ", base: "--reference {DATA}"
    )
    .with("--held-out {SOURCE}", tells: "\"heldOut\" : {")
    .with("--bootstrap 5", tells: "\"resamples\" : 5")
    .tested(
      "--seed", in: "TrainingTests/WorkerCommandTests.swift", by: "evaluate(\"--bootstrap\", \"20\", \"--seed\", \"2\")"
    )
    .with("--fresh", tells: "7 at 4096 MeV", base: generated + " --events 7")
    .with("--events 7", tells: "7 at 4096 MeV", base: generated + " --fresh")
    .with("--full", tells: "\nFPD ")
    .with("--metrics separation", tells: "\nseparation ")
    .with("--auc", tells: "\nAUC low ", base: generated + " --fresh --events 10")
    .with("--format json", tells: "exit 0\n{", base: measured)
    .with("--histograms", tells: "\"histograms\" : {")
    .with("--geometry other.xml", tells: "the showers have 533 voxels, the geometry 525", base: measured)
    .with("--voxel-threshold 1000", tells: "Voxels below 1000 MeV are empty.", base: measured)
    .with(
      "--energy-bins 1000,10000,100000", tells: "3162",
      base: "--reference {SOURCE} --generated {SOURCE} --metrics separation"
    )
    .with("--shots exact", tells: "\nno noise ", base: measurable)
    .with("--device {DEVICE}", tells: "On ibmq_guadalupe, ", base: once)
    .with("--chain " + elevenQubits, tells: "qubits 0, 1, 2, 3, 5, 8, ", base: once + " --device {DEVICE}")
    .with("--noise noise.json", tells: "\"device\" : \"own gates ", base: once + " --format json")
    .with("--trajectories 5", tells: "Noise by 5 trajectories with errors", base: once + " --noise noise.json")
    .with("--correct-readout", tells: "Read-out corrected.", base: once + " --noise noise.json")
    .with("--extrapolate", tells: "Extrapolated to no noise.", base: once + " --noise noise.json")
    .rows
    + VerbOptions(
      "qcalo-worker generate", "--checkpoint work/runs/{1X}/checkpoints/generator-000003.h5 --events 2 --output g.h5",
      writes: true
    )
    .with(
      "--checkpoint work/runs/{1X}/checkpoints/generator-000001.h5", tells: "same",
      then:
        "qcalo-worker generate --checkpoint work/runs/{1X}/checkpoints/generator-000001.h5 --events 2 --output h.h5 && cmp g.h5 h.h5 && echo same"
    )
    .tested("--bundle", in: "ProgramTests/SelectProgramTests.swift", by: "generate --bundle best")
    .with("--particle photon", tells: "--particle belongs to --bundle.")
    .with(
      "--time", tells: "\"showers\" : 4",
      base: "--checkpoint work/runs/{1X}/checkpoints/generator-000003.h5 --events 2"
    )
    .with("--events 3", tells: "g.h5: 6 events", then: inspect)
    .with("--energies 5000", tells: "\n   5000 ", then: inspect)
    .tested("--latents", in: "TrainingTests/WorkerCommandTests.swift", by: "\"--latents\"")
    .tested("--seed", in: "TrainingTests/WorkerCommandTests.swift", by: "generate(\"--seed\", \"2\")")
    .with("--output h.h5", tells: "h.h5\n", then: "ls")
    .tested("--counts", in: "TrainingTests/DeviceCommandTests.swift", by: "showers(\"--counts\", json")
    .tested("--bit-order", in: "TrainingTests/DeviceCommandTests.swift", by: "\"--bit-order\", \"first\"")
    .rows
    + VerbOptions("qcalo evaluate", "{1X} --at 3 --held-out 5 --metrics chi2", writes: true)
    .with("--at 9", tells: "checkpoint 9", base: "{1X} --held-out 5 --metrics chi2")
    .with("--held-out 6", tells: "    12  ", base: "{1X} --at 3 --metrics chi2")
    .with("--metrics chi2", tells: "last run: held-out χ² ", base: "{1X} --at 3 --held-out 5 --metrics separation")
    .with("--auc", tells: "AUC low", base: "{1X} --at 3 --held-out 10 --metrics chi2")
    .with("--source gone.hdf5", tells: "gone.hdf5: ")
    .with("--shots exact", tells: "no noise")
    .with("--device {DEVICE}", tells: "ibmq_guadalupe", base: shot)
    .with("--chain 0,1", tells: "--chain: 2 qubits for the circuit's 11", base: shot + " --device {DEVICE}")
    .with("--noise noise.yaml", tells: "\"device\":\"own gates ", base: shot, then: devices)
    .with("--trajectories 5", tells: "Noise by 5 trajectories with errors", base: shot + " --noise noise.yaml")
    .with("--correct-readout", tells: "\"readoutCorrected\":true", base: shot + " --noise noise.yaml", then: devices)
    .with("--extrapolate", tells: "\"extrapolated\":true", base: shot + " --noise noise.yaml", then: devices)
    .printing(missing: "no run", formula: "=1x")
    .rows
    + VerbOptions("qcalo-worker export", "work/runs/{1X} --format onnx --output out", writes: true)
    .with("--format keras", tells: "89 48 44 46", then: "od -An -tx1 -N4 out")
    .with("--checkpoint 9", tells: "checkpoint 9 is not there")
    .with("--part before", tells: "no layers stand before circuits")
    .with("--output other", tells: "exit 0\nother\n")
    .rows

  private static let datasets =
    VerbOptions("qcalo-worker dataset prepare", "{SOURCE} --energies 65536 --events 10 --output p.h5", writes: true)
    .with("--energies 4096", tells: "of each of 4096 MeV")
    .with("--events 11", tells: "11 events of each of")
    .with(
      "--skip 5", tells: "selection: 10 events after the first 5 of each", then: "qcalo-worker dataset inspect p.h5"
    )
    .with("--output q.h5", tells: "exit 0\nq.h5: ")
    .with("--check", tells: "has them; 533 voxels a shower", base: "{SOURCE} --energies 65536 --events 10")
    .with("--particle photon", tells: "but these are taken for a photon's")
    .with("--geometry dataset_2", tells: "the showers have 533 voxels, the geometry 6480")
    .with("--energy-bins 1000,10000", tells: "each of the bins between", base: "{SOURCE} --events 10 --output p.h5")
    .with("--format json", tells: "\"eventsPerEnergy\" : 10")
    .rows
    + VerbOptions("qcalo-worker dataset inspect", "{DATA}")
    .with("--energy-bins 1000,10000,100000", tells: "   3162 ")
    .with("--geometry other.xml", tells: "the geometry has 525 voxels, the showers 533")
    .with("--format json", tells: "\"voxels\" : 533")
    .rows

  private static let circuits =
    VerbOptions("qcalo-worker circuit evaluate", "circuit.json")
    .with("--precision double", tells: "0.9505637859")
    .with("--device {DEVICE}", tells: "\"measured\":[[")
    .with("--chain 0,2", tells: "--chain: qubits 0 and 2 are not coupled", base: "circuit.json --device {DEVICE}")
    .with("--noise noise.json", tells: "\"measured\":[[")
    .with("--trajectories 5", tells: "\"errors\":[[", base: "circuit.json --noise noise.json")
    .with("--shots 10", tells: "{\"measured\":[[")
    .with("--seed 3", tells: "[[0.954,0.858]]", base: "circuit.json --shots 1000")
    .with("--time", tells: "{\"seconds\":")
    .rows
    + VerbOptions("qcalo-worker circuit draw", "--qubits 3")
    .with("--qubits 4", tells: "3: ─RX(x3)")
    .with("--cnot 2", tells: "│")
    .with("--rz", tells: "RZ(φ0)", base: "--qubits 3 --no-rz")
    .with("--no-rz", tells: "RY(θ0)─╭●")
    .with("--repetitions 2", tells: "repetition 2 of 2")
    .with("--order blocked", tells: "╭●────╭●─⟨Z⟩", base: "--qubits 3 --cnot 1,2")
    .with("--ring", tells: "╭X─⟨Z⟩")
    .with("--reupload", tells: "repetition 2 of 2\n0: ─RX(x0)", base: "--qubits 3 --repetitions 2")
    .with("--rotations z,x", tells: "RZ(θ0)─RX(φ0)")
    .with("--encoding y", tells: "RY(x0)")
    .with("--input-shift 1", tells: "0: ─RX(x1)")
    .rows
    + VerbOptions("qcalo-worker circuit explain", "--qubits 3")
    .with("--qubits 4", tells: "\nry-rz-cnot1-x1-q4\n")
    .with("--cnot 2", tells: "\nry-rz-cnot2-x1-q3\n")
    .with("--rz", tells: "\nry-rz-cnot1-x1-q3\n", base: "--qubits 3 --no-rz")
    .with("--no-rz", tells: "\nry-cnot1-x1-q3\n")
    .with("--repetitions 2", tells: "\nry-rz-cnot1-x2-q3\n")
    .with("--order blocked", tells: "\nry-rz-cnot12-x1-q3-blocked\n", base: "--qubits 3 --cnot 1,2")
    .with("--ring", tells: "\nry-rz-cnot1-x1-q3-ring\n")
    .with("--reupload", tells: "\nry-rz-cnot1-x2-q3-reupload\n", base: "--qubits 3 --repetitions 2")
    .with("--rotations z,x", tells: "\nrz-rx-cnot1-x1-q3\n")
    .with("--encoding y", tells: "\nry-rz-cnot1-x1-q3-ency\n")
    .with("--input-shift 1", tells: "\nry-rz-cnot1-x1-q3-shift1\n")
    .with("--readout 0", tells: "of them 1 effective")
    .with("--start circle", tells: "⟨Z_0⟩     0.332 ", base: "ry-rz-cnot12-x1")
    .with("--labels 0", tells: "⟨Z_2⟩     0.0418 ")
    .with("--samples 7", tells: "estimated from 7 random sets", base: "--qubits 3 --repetitions 2")
    .with("--format json", tells: "exit 0\n{")
    .with("--device {DEVICE}", tells: "\non ibmq_guadalupe\n")
    .with("--chain 0,2,1", tells: "--chain: qubits 0 and 2 are not coupled", base: "--qubits 3 --device {DEVICE}")
    .with("--trajectories 5", tells: "the largest standard error of a ⟨Z⟩ is", base: "--qubits 3 --device {DEVICE}")
    .rows
    + VerbOptions("qcalo-worker circuit export", "--qubits 3 --angles 3.json --format openqasm3")
    .with("--qubits 2", tells: "// ry-rz-cnot1-x1-q2, ", base: "--qubits 3 --angles 2.json --format openqasm3")
    .with("--cnot 2", tells: "cx q[0], q[2];")
    .with("--rz", tells: "rz(0.1) q[0];", base: "--qubits 3 --no-rz --angles 3.json --format openqasm3")
    .with("--no-rz", tells: "// ry-cnot1-x1-q3, ", base: "--qubits 3 --angles ry.json --format openqasm3")
    .with("--repetitions 2", tells: "// ry-rz-cnot1-x2-q3, ", base: "--qubits 3 --angles twice.json --format openqasm3")
    .with(
      "--order blocked", tells: "cx q[1], q[2];\ncx q[0], q[2];",
      base: "--qubits 3 --cnot 1,2 --angles 3.json --format openqasm3"
    )
    .with("--ring", tells: "cx q[2], q[0];")
    .with(
      "--reupload", tells: "cx q[1], q[2];\nrx(x0) q[0];",
      base: "--qubits 3 --repetitions 2 --angles twice.json --format openqasm3"
    )
    .with(
      "--rotations z,x", tells: "rx(0.4) q[0];", base: "--qubits 3 --angles turned.json --format openqasm3"
    )
    .with("--encoding y", tells: "ry(x0) q[0];")
    .with("--input-shift 1", tells: "rx(x1) q[0];")
    .with("--format openqasm2", tells: "OPENQASM 2.0;", base: "circuit.json --inputs 0.1,0.2 --format openqasm3")
    .with("--angles ry2.json", tells: "ry(0.5) q[0];", base: "circuit.json --format openqasm3")
    .with(
      "--checkpoint work/runs/{1X}/checkpoints/full-000003.h5", tells: "checkpoint 3, the generator's circuit",
      base: "--format openqasm3"
    )
    .with(
      "--discriminator", tells: "bit[1] c;\nqubit[4] q;",
      base: "--checkpoint work/runs/{1X}/checkpoints/full-000003.h5 --format openqasm3"
    )
    .with(
      "--block 1", tells: "has no QINN stage; leave --block out",
      base: "--checkpoint work/runs/{1X}/checkpoints/full-000003.h5 --format openqasm3"
    )
    .with("--inputs 0.1,0.2", tells: "x0 = 0.1", base: "circuit.json --format openqasm3")
    .with("--readout 1", tells: "c[0] = measure q[1];", base: "circuit.json --format openqasm3")
    .with("--device {DEVICE}", tells: "QuantumCircuit(16, 2)", base: placed)
    .with("--chain 3,5", tells: "made.measure([3, 5], range(2))", base: placed + " --device {DEVICE}")
    .tested("--latents", in: "TrainingTests/DeviceCommandTests.swift", by: "\"--latents\", temporary(\"l.h5\")")
    .tested("--energies", in: "TrainingTests/DeviceCommandTests.swift", by: "\"--energies\", \"65536\"")
    .tested("--output", in: "TrainingTests/DeviceCommandTests.swift", by: "\"--output\", folder")
    .rows

  private static let checkpoints =
    VerbOptions("qcalo-worker checkpoints list", "{1X}").with("--format json", tells: "exit 0\n{").rows
    + VerbOptions("qcalo-worker checkpoints verify", "{1X}").with("--format json", tells: "exit 0\n{").rows
    + VerbOptions("qcalo-worker checkpoints prune", "{1X} --window 0 --full 3 --dry-run", writes: true)
    .with("--full 3", tells: "0 files would be removed", base: "{1X} --dry-run")
    .with("--window 0", tells: "generator-000002.h5\n", base: "{1X} --dry-run --full 3")
    .with("--every 2", tells: "0 files would be removed")
    .with("--dry-run", tells: "1 files would be removed", base: "{1X} --window 0 --full 3")
    .rows

  private static let timings =
    VerbOptions("qcalo-worker bench", bench)
    .with("--only evaluation", tells: "\nevaluation ", base: bench + " --events 50")
    .with("--threads 1,2", tells: "GFLOP/s with 2.")
    .with("--seconds 0.000001", tells: ",15,", base: bench + " --seconds 0.05 --format csv")
    .with("--qubits 6", tells: "6 qubits")
    .with(
      "--events 60", tells: "2x, 60 events",
      base: "--only evaluation --seconds 0.001 --threads 1 --qubits 5 --events 50"
    )
    .with("--against nowhere.so", tells: "there is no nowhere.so to compare with")
    .with("--folder {SOURCE}", tells: "geant4_pions.hdf5", base: bench + " --only checkpoint")
    .with("--format markdown", tells: "| circuit |")
    .rows
    + VerbOptions("qcalo-worker calibrate", "--seconds 0")
    .with("--seconds nan", tells: "--seconds: nan is not a time")
    .with("--threads 257", tells: "--threads: 257 is not in 1 … 256")
    .rows
}
