import { parseUses, parseWorkflow } from '@slipway/workflow';
import * as v from 'valibot';
import { parseLibrary } from '../../../packages/cli/src/init/library.ts';
import { readStamp } from '../../../packages/cli/src/init/stamp.ts';
import { parseRemote } from '../../../packages/cli/src/join/github.ts';
import { parseJobs } from '../../../packages/cli/src/join/notice-jobs.ts';
import { toTagVersion } from '../../../packages/cli/src/join/notice-run.ts';
import { parseNpmSpec } from '../../../packages/cli/src/join/verify-npm.ts';
import { parseConventional } from '../../../packages/github/src/notes/conventional.ts';
import { parseMarker } from '../../../packages/github/src/release/marker.ts';
import { parseBody } from '../../../packages/github/src/rest/reply.ts';
import { matchesRefPattern } from '../../../packages/github/src/settings/ref-pattern.ts';
import { parseRange } from '../../../packages/http/src/range.ts';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from '../../../packages/http/src/retry-after.ts';
import { PLAN_MEDIA_TYPE, parsePlan } from '../../../packages/release/src/plan.ts';
import { parseRunners } from '../../../packages/runner/src/legs.ts';
import { parseDigest } from '../../../packages/runner/src/project-inputs.ts';
import { readInputs } from '../../../packages/runner/src/read-inputs.ts';
import { parseRunPlace } from '../../../packages/runner/src/run-place.ts';
import { parseTree } from '../../../packages/store/src/git/tree.ts';
import { BAD, GOOD } from '../../../packages/workflow/src/corpus.fixture.ts';
import type { Target } from '../target.ts';
import { NEVER, ofBytes, ofText, toJsonSeeds } from '../text.ts';

const PLAN = {
	mediaType: PLAN_MEDIA_TYPE,
	project: 'greet',
	version: '1.0.0',
	source: { repo: null, commit: null, ref: null },
	place: 'here',
	targets: [
		{
			id: 'npm',
			description: 'x',
			traits: {
				hides: true,
				undo: 'pointer',
				seals: false,
				visibleWithin: 0,
				safeProbe: true,
				batch: 'each',
			},
		},
	],
	subjects: [],
	policy: { onFailure: 'rollback' },
	evidence: { policy: null, report: null, gates: [] },
	line: null,
	repoints: null,
};
const MARKER = `text\n<!-- slipway-release:${Buffer.from(
	JSON.stringify({ project: 'a', version: '1', commit: null, contents: 'a'.repeat(64), files: [] }),
).toString('base64url')} -->`;

export const PLATFORM_TARGETS: readonly Target[] = [
	ofBytes('workflow', /^WORKFLOW_/, {
		seeds: [...Object.values(GOOD), ...Object.values(BAD).map(({ source }) => source)].filter(
			({ length }) => length < 20_000,
		),
		words: ['${{ ', ' }}', 'permissions: ', 'uses: ', '*a', '&a ', 'on: '],
		read: (bytes) => parseWorkflow(bytes, 'it'),
	}),
	ofText('uses', NEVER, {
		seeds: [`acme/x/.github/workflows/a.yml@${'a'.repeat(40)}`, './a', 'docker://a:1', '$/actions/a'],
		words: ['@', '/', '..', '#', '${{'],
		read: parseUses,
	}),
	ofBytes('GitHub reply', NEVER, {
		seeds: ['{"id":1,"name":"a","body":null}', '[]', '<html>'],
		read: (body) =>
			parseBody(v.object({ id: v.number() }), {
				kind: 'reply',
				status: 200,
				headers: new Headers(),
				body: Buffer.from(body),
			}),
	}),
	ofText('release marker', NEVER, { seeds: [MARKER, '<!-- slipway-release:'], read: parseMarker }),
	ofText('commit message', NEVER, {
		seeds: ['feat(a)!: b', 'fix: c\n\nBREAKING CHANGE: d', ':'],
		words: ['(', ')', '!', ': '],
		read: parseConventional,
	}),
	ofText('ref pattern', NEVER, {
		seeds: ['refs/tags/v*', '~DEFAULT_BRANCH', '**/*?[a-z]{b}', `${'*a'.repeat(20)}b`],
		words: ['*', '**', '?', '[', ']', '{', '}', '\\'],
		read: (text) => matchesRefPattern(text.slice(0, 300), `refs/tags/${'a'.repeat(200)}`),
	}),
	ofText('Retry-After', NEVER, {
		seeds: ['120', 'Sat, 21 Nov 2026 12:00:00 GMT', '-1', '1e9', '99999999999999999999999'],
		read: (text) => {
			if (/[^\t\x20-\x7e]/.test(text)) return;
			const ms = retryAfterMs(new Headers({ 'retry-after': text }), 0);
			if (ms !== undefined && !(ms >= 0 && ms <= MAX_RETRY_AFTER_MS)) throw new Error(`${ms} ms`);
		},
	}),
	ofText('Range', NEVER, {
		seeds: ['bytes=0-1', 'bytes=-5', 'bytes=5-', 'bytes=0-1,3-4', 'bytes=9999999999999999999-'],
		read: (text) => {
			const part = parseRange(text, 100);
			if (part && !(part.start >= 0 && part.end <= 100 && part.start <= part.end))
				throw new Error(`${part.start} to ${part.end}`);
		},
	}),
	ofBytes('plan', /^(?:PLAN|JSON)_/, { seeds: toJsonSeeds(PLAN), read: (bytes) => parsePlan(bytes, 'it') }),
	ofBytes('git tree', NEVER, {
		seeds: [`100644 blob ${'a'.repeat(40)}\ta/b\x00120000 blob ${'b'.repeat(40)}\tc\0`, '160000 commit x\td'],
		words: ['\0', '\t', '100644 blob '],
		read: (bytes) => parseTree(Buffer.from(bytes)),
	}),
	ofText('action inputs', /^RUNNER_/, {
		seeds: ['1.0.0\ntrue', 'refs/tags/v1.0.0\nyes', 'v1\n', '::add-mask::x\n$(id)'],
		read: (text) => {
			const [version = '', flag = '', ...words] = text.split('\n');
			const declaration = {
				inputs: {
					version: { kind: 'version', description: '' },
					flag: { kind: 'boolean', description: '', default: false },
					reason: { kind: 'string', description: '' },
				},
			};
			const environment = { INPUT_VERSION: version, INPUT_FLAG: flag, INPUT_REASON: words.join('\n') };
			const inputs = readInputs(declaration as never, environment) as { readonly reason?: string };
			if (/\p{Cc}/u.test(inputs.reason ?? '')) throw new Error('control characters');
		},
	}),
	ofText('words of actions', /^RUNNER_/, {
		seeds: ['["ubuntu-24.04"]', 'ubuntu-24.04, macos-15', `sha256:${'a'.repeat(64)}`],
		read: (text) => {
			parseRunners(text);
			parseDigest(text, { name: 'a', beside: 'b', from: 'c' });
		},
	}),
	ofText('place of a run', /^RUNNER_/, {
		seeds: [`github-run:acme/greet/12/release@sha256:${'a'.repeat(64)}`, '/a/folder'],
		read: parseRunPlace,
	}),
	ofText('jobs', /^(?:NOTICE|JSON)_/, {
		seeds: toJsonSeeds({ build: { result: 'success', outputs: { version: '1.0.0' } } }),
		read: parseJobs,
	}),
	ofText('words of the command', /^(?:INIT|NPM|TARGET|VERIFY|OPTION|JOIN)_/, {
		seeds: [
			'@acme/greet@1.0.0',
			'git@github.com:acme/greet.git',
			`acme/slipway@${'a'.repeat(40)}#v1.0.0`,
			`a\n\n# slipway init: sha256:${'a'.repeat(64)}\n`,
			'@acme/greet@1.0.0-rc.1',
		],
		words: ['@', '#', ':', '/', '\n\n\n\n'],
		read: (text) => {
			parseRemote(text);
			readStamp(text);
			toTagVersion(text);
			for (const parse of [parseNpmSpec, parseLibrary])
				try {
					parse(text);
				} catch (thrown) {
					if (!(thrown instanceof Error && 'hint' in thrown)) throw thrown;
				}
		},
	}),
];
