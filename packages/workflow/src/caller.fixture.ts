// A repository that calls the library as it should: what the tests of checkCaller break.
import type { WorkflowFile } from './check-caller.ts';

const COMMIT = 'c'.repeat(40);

const RELEASE = `name: Release
on:
  push: { tags: ["v*"] }
  workflow_dispatch:
    inputs:
      operation: { type: choice, options: [release, continue, rollback] }
      tag: { type: string, required: true }
      reason: { type: string, required: true }
      dry-run: { type: boolean, default: true }
permissions: {}
concurrency: { group: "release-\${{ inputs.operation }}", cancel-in-progress: false, queue: max }
jobs:
  release:
    if: inputs.operation == 'release'
    permissions:
      actions: read
      attestations: write
      contents: write
      id-token: write
      issues: write
    uses: OWNER/slipway/.github/workflows/release.yml@${COMMIT}
    with: { approval: releases }
    secrets: { apt-signing-key: "\${{ secrets.APT }}" }
  rollback:
    if: inputs.operation == 'rollback'
    permissions: { actions: read, contents: write, id-token: write, issues: write }
    uses: OWNER/slipway/.github/workflows/rollback.yml@v1.2.0
    with: { version: "\${{ inputs.tag }}", reason: "\${{ inputs.reason }}", dry-run: "\${{ inputs.dry-run }}" }
`;

const CHECK = `on: pull_request
permissions: {}
jobs:
  check:
    permissions: { contents: read }
    uses: OWNER/slipway/.github/workflows/check.yml@v1
`;

const WATCH = `on:
  schedule: [{ cron: "17 5 * * *" }]
permissions: {}
jobs:
  watch:
    permissions: { contents: read, issues: write }
    uses: OWNER/slipway/.github/workflows/watch.yml@v1
    with: { days: 30 }
`;

const STEPS = `on:
  workflow_dispatch:
permissions: {}
jobs:
  build:
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${COMMIT}
      - run: make
      - uses: OWNER/slipway/actions/build-once@v1
  publish:
    permissions: { contents: read, id-token: write }
    environment: npm
    steps:
      - uses: actions/checkout@${COMMIT}
      - uses: docker://alpine@sha256:${'d'.repeat(64)}
      - uses: OWNER/slipway/actions/publish-npm@v1
`;

const OTHER = `on: [push, pull_request_target]
jobs:
  test:
    permissions: write-all
    steps:
      - uses: actions/checkout@main
      - run: make
`;

export const GOOD_FILES = {
	release: RELEASE,
	check: CHECK,
	watch: WATCH,
	steps: STEPS,
	other: OTHER,
} as const;

export const toFiles = (texts: Readonly<Record<string, string>>): WorkflowFile[] =>
	Object.entries(texts).map(([name, text]) => ({ path: `.github/workflows/${name}.yml`, text }));
