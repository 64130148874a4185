import { isDeepStrictEqual } from 'node:util';
import {
	compareDebianOrder,
	findDistTagProblem,
	findPathProblem,
	findVersionProblem,
	MANIFEST_MEDIA_TYPE,
	parseJson,
	parseManifest,
	parsePurl,
	toCanonicalJson,
	toHtmlText,
	toManifestText,
	toMarkdownText,
	toPrintable,
	toPurl,
} from '@slipway/core';
import { parseStatement } from '@slipway/core/attestation';
import { parseConfig } from '@slipway/core/config';
import { parsePolicy, toPatternMatcher } from '@slipway/core/policy';
import semver from 'semver';
import { BAD_POLICIES, GOOD_POLICIES } from '../../../packages/core/src/policy/policy-corpus.fixture.ts';
import type { Target } from '../target.ts';
import { NEVER, ofBytes, ofText, toJsonSeeds } from '../text.ts';

const expectSame = (a: unknown, b: unknown, what: string): void => {
	if (!isDeepStrictEqual(a, b)) throw new Error(`${what} differs`);
};

const DIGEST = { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) };
const MANIFEST = {
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'greet',
	version: '1.0.0',
	source: { repo: 'https://example.invalid/a.git', commit: 'c'.repeat(40), ref: 'refs/tags/v1.0.0' },
	artifacts: [
		{
			name: 'a.tgz',
			path: 'artifacts/a.tgz',
			mediaType: 'application/octet-stream',
			size: 3,
			digest: DIGEST,
			purl: 'pkg:generic/a@1.0.0',
		},
	],
};
const STATEMENT = {
	_type: 'https://in-toto.io/Statement/v1',
	subject: [{ name: 'a.tgz', digest: DIGEST }],
	predicateType: 'https://slsa.dev/provenance/v1',
	predicate: { a: [1, 'x', null] },
};

const CONFIG = `project: greet
version: 1.0.0
build:
  commands: [[npm, run, build]]
  outputs: [dist/*.tgz]
test: [[greet, --help]]
npm: {packages: [.]}
deb:
  - name: greet
    architecture: all
    files: [{from: a, to: usr/bin/a}]
sign: {}
targets:
  npm: {type: npm}
  apt: {type: apt, store: {folder: out/apt}, suite: stable, component: main}
  github: {type: github}
journal: {branch: slipway}
`;
const BILLION = `a: &a [x, x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [*${'abcdefgh'[index]}, *${'abcdefgh'[index]}]`).join('\n')}\n`;
const YAML_WORDS = [
	'&a ',
	'*a',
	'<<: *a\n',
	'? [a, b]\n: c\n',
	'!!binary ',
	'!!set ',
	'--- \n',
	'|2-\n',
	'{a: {a: ',
	'- - - ',
	'%YAML 1.1\n',
	'yes',
	'0o7',
	'12:30:45',
	'1_000',
	'.inf',
	'~',
];

const PURLS = [
	'pkg:npm/%40acme/greet@1.2.0',
	'pkg:deb/tally@1.2.0-1?arch=amd64&distro=a+b',
	'pkg:generic/a%2Fb@%zz',
	'pkg:npm/%00@1',
	'pkg:npm/a?a=1&a=2',
];

const VERSIONS = [
	'1.0.0',
	'1.0.0-rc.1',
	'1.0.0+meta',
	'v1',
	'v1.0.0',
	'=1.0.0',
	'01.2.3',
	'1.2',
	'1.2.3.4',
	' 1.0.0',
	'1.0.0-01',
	'9007199254740993.0.0',
	'1.0.0-x-y-z.--',
	`1.0.0-${'a'.repeat(300)}`,
	'\u0661.0.0',
];

export const CORE_TARGETS: readonly Target[] = [
	ofBytes('json', /^JSON_/, {
		seeds: [
			'{"a":[1,-2.5e3,"x\\u00e9\\n",true,null,{"b":{}}],"c":9007199254740991}',
			'{"a":1,"a":2}',
			'{"__proto__":1}',
			'{"\\u005f_proto__":1}',
			'9007199254740993',
			'["\\""]',
			'\ufeff{}',
		],
		words: ['\\', '\\"', '\\u005f', '1e400', '-0', '[[[[', '{"a":'],
		read: (bytes) => {
			const value = parseJson(bytes, 'it');
			const own = JSON.parse(new TextDecoder().decode(bytes));
			expectSame(value, own, 'what JSON.parse reads');
			expectSame(JSON.parse(toCanonicalJson(value)), JSON.parse(JSON.stringify(own)), 'the canonical form');
		},
	}),
	ofText('slipway.yml', /^CONFIG_/, {
		seeds: [CONFIG, BILLION, 'a: 1\na: 2\n', '{__proto__: {a: 1}}', '? {a: 1}\n: 1\n', `${'['.repeat(5000)}`],
		words: YAML_WORDS,
		read: (text) => parseConfig(text),
	}),
	ofBytes('policy', /^POLICY_/, {
		seeds: [...Object.values(GOOD_POLICIES), ...BAD_POLICIES.map(({ source }) => source)].filter(
			({ length }) => length < 20_000,
		),
		words: YAML_WORDS,
		read: (bytes) => parsePolicy(bytes),
	}),
	ofText('pattern', NEVER, {
		seeds: [
			'^https://github\\.com/acme/[^/]+/\\.github/workflows/release\\.yml@refs/tags/v[0-9]+(\\.[0-9]+){2}$',
			'(a|b)*c{2,4}?',
			'[a-z&&[b]]',
			'((((a+)+)+)+)+$',
			'(a{0,50}){0,50}',
		],
		words: ['(?:', '(?=', '\\b', '\\d+', '[^]', '{0,', '.*', '|'],
		read: (text) => {
			try {
				toPatternMatcher(text.slice(0, 400))('a'.repeat(2000));
			} catch (thrown) {
				if (!(thrown instanceof SyntaxError)) throw thrown;
			}
		},
	}),
	ofBytes('manifest', /^(?:MANIFEST|JSON)_/, {
		seeds: toJsonSeeds(MANIFEST),
		read: (bytes) => {
			const manifest = parseManifest(bytes);
			expectSame(parseManifest(toManifestText(manifest)), manifest, 'what was written');
			if (manifest.artifacts.some(({ path }) => findPathProblem(path))) throw new Error('an unsafe path');
		},
	}),
	ofBytes('statement', /^(?:STATEMENT|JSON)_/, {
		seeds: toJsonSeeds(STATEMENT),
		read: (bytes) => parseStatement(bytes),
	}),
	ofText('purl', /^PURL_/, {
		seeds: PURLS,
		words: ['%', '%40', '%2F', '?', '#', '@', '&', '+'],
		read: (text) => {
			const purl = parsePurl(text);
			expectSame({ ...parsePurl(toPurl(purl)) }, { ...purl }, 'a purl that was written');
		},
	}),
	ofText('version', NEVER, {
		seeds: VERSIONS,
		words: ['-', '+', '.', '0', '~'],
		read: (text) => {
			if (findVersionProblem(text) === undefined && (semver.valid(text) !== text || text.includes('+')))
				throw new Error(`let ${JSON.stringify(text)} pass`);
			if (findDistTagProblem(text) === undefined && semver.validRange(text) !== null)
				throw new Error(`${JSON.stringify(text)} is a tag and a range`);
		},
	}),
	ofText('debian order', NEVER, {
		seeds: ['1:2.0~rc1-1\n2.0-1', '1.0\n1.0-0', '0\n00', '~~\n~', 'a:b:c\n-', `${'1'.repeat(500)}\n1`],
		words: ['~', ':', '-', '+', '00'],
		read: (text) => {
			const [a = '', b = '', c = ''] = text.split('\n');
			const order = Math.sign(compareDebianOrder(a, b));
			if (order !== -Math.sign(compareDebianOrder(b, a)) || compareDebianOrder(a, a) !== 0)
				throw new Error('no order');
			if (order <= 0 && compareDebianOrder(b, c) <= 0 && compareDebianOrder(a, c) > 0)
				throw new Error('not transitive');
		},
	}),
	ofText('printed text', NEVER, {
		seeds: ['<b>&amp;"\'', '![x](y) `a` ::error::', '\u202e\u200b\u001b[31m', '| a |\n## [a](b)', '\ud800'],
		words: ['\u2066', '\u001b]8;;', '```', '<!--', '-->', '\n', '@everyone', '#1', '&#60;'],
		read: (text) => {
			if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(toPrintable(text, 1000))) throw new Error('not printable');
			if (/[<>"']/.test(toHtmlText(text))) throw new Error('HTML');
			if (/(?<!\\)[[\]`<|]/.test(toMarkdownText(text))) throw new Error('Markdown');
		},
	}),
];
