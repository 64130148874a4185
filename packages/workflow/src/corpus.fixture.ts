// Workflow files, real in shape, good and nasty: seeds of the fuzz test, and what H7 lists.

export const GOOD: Readonly<Record<string, string>> = {
	'the shortest': 'on: push\njobs: {}\n',
	'a list of events':
		'on: [push, workflow_dispatch]\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo\n',
	'a called workflow': `name: Called
on:
  workflow_call:
    inputs:
      version: { type: string, required: true, description: "Which." }
      dry-run: { type: boolean, default: false }
      days: { type: number }
    secrets:
      key: { required: true }
      token:
    outputs:
      state: { value: "\${{ jobs.a.outputs.state }}" }
permissions: {}
concurrency: { group: g, queue: max }
jobs:
  a:
    name: 1
    needs: []
    if: \${{ always() }}
    permissions:
      contents: write
      packages: none
    environment: { name: npm }
    outputs: { state: "\${{ steps.s.outputs.state }}" }
    steps:
      - id: s
        uses: $/actions/expose
        with: { version: "1", n: 2, flag: true, nothing: }
        env: { A: b }
  b:
    needs: a
    permissions: write-all
    environment: other
    uses: ./.github/workflows/b.yml
    with: { a: 1 }
    secrets: inherit
`,
	'a matrix, services and keys that nobody reads': `on:
  push: { branches: [main], tags-ignore: ["v0*"] }
  schedule: [{ cron: "1 2 * * 3" }]
defaults: { run: { shell: bash } }
env: { A: 1 }
jobs:
  a:
    strategy: { matrix: { os: [a, b], include: [{ os: c, x: 1 }] } }
    runs-on: \${{ matrix.os }}
    services: { db: { image: x, ports: ["1:2"] } }
    continue-on-error: true
    env: \${{ fromJSON('{}') }}
    steps:
      - run: |
          echo "\${{ github.event.head_commit.message }}"
`,
};

const deep = (open: string, close: string, depth: number): string =>
	`on: push\njobs: ${open.repeat(depth)}${close.repeat(depth)}\n`;

export const BAD: Readonly<Record<string, { readonly source: string | Uint8Array; readonly code?: string }>> =
	{
		nothing: { source: '' },
		'a list': { source: '- on: push\n' },
		'no jobs': { source: 'on: push\n' },
		'no events': { source: 'jobs: {}\n' },
		'jobs as a list': { source: 'on: push\njobs: [a]\n' },
		'an unknown level': { source: 'on: push\npermissions: { contents: admin }\njobs: {}\n' },
		'steps as a map': { source: 'on: push\njobs: { a: { steps: { run: x } } }\n' },
		'a list as an input': { source: 'on: push\njobs: { a: { uses: x, with: { a: [1] } } }\n' },
		'a duplicate key': { source: 'on: push\njobs: {}\njobs: {}\n' },
		'a tab': { source: 'on: push\njobs:\n\ta: {}\n' },
		'two documents': { source: 'on: push\njobs: {}\n---\non: push\njobs: {}\n' },
		'an anchor': { source: 'on: push\njobs: { a: &a { steps: [] }, b: *a }\n' },
		'a bomb of aliases': {
			source: `on: push\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]\n`).join('')}jobs: *i\n`,
		},
		'a merge key': { source: 'on: push\nx: &x { a: 1 }\njobs: { <<: *x }\n' },
		'a tag': { source: 'on: push\njobs: !!js/function "x"\n' },
		'a directive': { source: '%YAML 1.1\n---\non: push\njobs: {}\n' },
		'a complex key': { source: 'on: push\njobs:\n  ? [a, b]\n  : {}\n' },
		'lists deep inside each other': { source: deep('[', ']', 5000) },
		'maps deep inside each other': { source: deep('{a: ', '}', 5000) },
		'items deep inside each other': { source: `on: push\njobs:\n${'- '.repeat(5000)}x\n` },
		'a control character': { source: 'on: push\njobs: { "a\u0007": {} }\n' },
		'bytes that are no UTF-8': { source: new Uint8Array([0x6f, 0x6e, 0x3a, 0xff]) },
		'more than 128 KiB': {
			source: `on: push\njobs: {}\n#${'x'.repeat(140_000)}\n`,
			code: 'WORKFLOW_TOO_LARGE',
		},
		'a million brackets': { source: '['.repeat(1_000_000), code: 'WORKFLOW_TOO_LARGE' },
		'100 KB of brackets': { source: `on: push\njobs: ${'[{'.repeat(50_000)}` },
		'100 KB of quotes': { source: `on: push\njobs: ${`"\\x`.repeat(30_000)}` },
	};
