import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { npmIdentity } from '@slipway/npm';
import { PACKAGE_JSON_CORPUS } from '../../../packages/gate/src/packed/corpus.fixture.ts';
import { readNpmrc } from '../../../packages/npm/src/config/npmrc.ts';
import { parsePackageJson } from '../../../packages/npm/src/package-json.ts';
import { toBundle } from '../../../packages/npm/src/provenance/bundle.fixture.ts';
import { parseBundle } from '../../../packages/npm/src/provenance/bundle.ts';
import { parseAttestations } from '../../../packages/npm/src/provenance/read-attestations.ts';
import { readPackage } from '../../../packages/npm/src/read-package.ts';
import { classifyReply } from '../../../packages/npm/src/registry/classify-reply.ts';
import { parseSha512 } from '../../../packages/npm/src/registry/integrity.ts';
import { parsePackument } from '../../../packages/npm/src/registry/read-packument.ts';
import type { Target } from '../target.ts';
import { NEVER, ofBytes, ofText, toJsonSeeds } from '../text.ts';
import { repairTar, SAMPLE_TAR } from './archives.ts';

const STATEMENT = {
	_type: 'https://in-toto.io/Statement/v1',
	subject: [{ name: 'pkg:npm/a@1.0.0', digest: { sha512: 'b'.repeat(128) } }],
	predicateType: 'https://slsa.dev/provenance/v1',
	predicate: {},
};
const BUNDLE = toBundle(STATEMENT);
const INTEGRITY = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const PACKUMENT = {
	name: '@acme/greet',
	'dist-tags': { latest: '1.0.0' },
	time: { '1.0.0': '2026-01-01T00:00:00Z' },
	versions: {
		'1.0.0': {
			name: '@acme/greet',
			version: '1.0.0',
			dist: { tarball: 'https://r.example/@acme/greet/-/greet-1.0.0.tgz', integrity: INTEGRITY, shasum: 'a' },
		},
	},
};
const PACKUMENT_WORDS = [
	'constructor',
	'toString',
	'\u0430',
	'http://',
	'"integrity":"sha1-x",',
	'"dist":null,',
];

const readPackument = (bytes: Uint8Array): void => {
	const packument = parsePackument(bytes, '@acme/greet');
	for (const version of packument.versions) {
		const read = packument.version(version);
		if (read && packument.name !== '@acme/greet') throw new Error('another package');
	}
	if (packument.version('constructor') && !packument.versions.has('constructor'))
		throw new Error('a version that is none');
};

const openNpmrc = () => {
	const path = join(mkdtempSync(join(tmpdir(), 'slipway-npmrc-')), '.npmrc');
	return {
		seeds: [
			// biome-ignore-start lint/suspicious/noTemplateCurlyInString: npm's own placeholders
			'registry=https://r.example/\n//r.example/:_authToken=${TOKEN}\n@acme:registry=https://a.example\n',
			'a[]=1\n[b]\nc=${X?}\n\\${Y}\n; x\n__proto__=1\n[__proto__]\na=1\n',
			// biome-ignore-end lint/suspicious/noTemplateCurlyInString: npm's own placeholders
		],
		words: ['${', '}', '?}', '\\', '[__proto__]\n', '[]=', '=', ';'],
		read: (bytes: Uint8Array) => {
			writeFileSync(path, bytes);
			readNpmrc(path, { TOKEN: 't', X: '$&' });
			if (({} as { a?: unknown }).a !== undefined) throw new Error('a prototype was changed');
		},
	};
};

export const NPM_TARGETS: readonly Target[] = [
	ofBytes('npm package, its tar', /^(?:ARCHIVE|NPM|JSON)_/, {
		seeds: [SAMPLE_TAR],
		repair: repairTar,
		read: (bytes) => readPackage(gzipSync(bytes, { level: 1 }), 'a.tgz'),
	}),
	ofBytes('npm package', /^(?:ARCHIVE|NPM|JSON)_/, {
		seeds: [gzipSync(SAMPLE_TAR), gzipSync(SAMPLE_TAR, { level: 0 })],
		read: (bytes) => npmIdentity('a.tgz', bytes),
	}),
	ofBytes('package.json', /^(?:NPM|JSON)_/, {
		seeds: PACKAGE_JSON_CORPUS,
		words: ['"bundleDependencies":true,', '"publishConfig":{"registry":"x"},', '"files":["../a"],'],
		read: (bytes) => parsePackageJson(bytes, 'it'),
	}),
	ofBytes('packument', /^(?:NPM|JSON)_/, {
		seeds: toJsonSeeds(PACKUMENT),
		words: PACKUMENT_WORDS,
		read: readPackument,
	}),
	ofText('integrity', NEVER, {
		seeds: [INTEGRITY, `sha1-AAAA ${INTEGRITY}?x`, 'sha512-\uff21'],
		read: (text) => {
			const hex = parseSha512(text);
			if (hex !== undefined && !/^[0-9a-f]{128}$/.test(hex)) throw new Error('no sha512');
		},
	}),
	ofBytes('npm attestations', /^(?:NPM|JSON|STATEMENT)_/, {
		seeds: toJsonSeeds(
			{ attestations: [{ predicateType: STATEMENT.predicateType, bundle: BUNDLE }] },
			{ attestations: [] },
		),
		read: (bytes) => parseAttestations(bytes, 'it'),
	}),
	ofBytes('npm provenance bundle', /^(?:NPM|JSON|STATEMENT)_/, {
		seeds: toJsonSeeds(BUNDLE),
		read: (bytes) => parseBundle(bytes, 'it'),
	}),
	ofBytes('npm reply', NEVER, {
		seeds: ['{"error":"cannot publish over the previously published versions"}', '<html>', '{"error":{}}'],
		read: (body) => {
			for (const status of [200, 401, 403, 404, 409, 429, 503])
				classifyReply({ kind: 'reply', status, headers: new Headers(), body: Buffer.from(body) }, 0);
		},
	}),
	{ name: 'npmrc', codes: /^NPM_/, open: openNpmrc },
];
