// What no committed file may hold: addresses of one registry or one machine, and secrets.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from '@slipway/testing';
import { ROOT } from './source-tree.ts';

const listFiles = (): string[] =>
	execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);

const FORBIDDEN = [
	{
		// Sigstore's TUF repository has a target of that name, which the bundles carry as a pinned copy: no address.
		what: 'the address of a registry',
		pattern: new RegExp(`${['registry\\.npmjs', 'org'].join('\\.')}(?!%2Fkeys\\.json)`),
	},
	{
		what: 'a path of one machine',
		pattern: /(?<![\w.$}])\/(work|root|home\/(?!ada\b)[a-z]+|Users\/[a-z]+)\//,
	},
	{
		// The header and then key material: programs that read keys hold the header too.
		what: 'a private key',
		pattern: new RegExp(
			['-----BEGIN [A-Z ]*PRIVATE', 'KEY( BLOCK)?-----\\r?\\n(.*\\r?\\n){0,4}[A-Za-z0-9+/=]{40}'].join(' '),
		),
	},
];

const read = (file: string): string => readFileSync(join(ROOT, file), 'latin1');

test.each(FORBIDDEN)('no committed file holds $what', ({ pattern }) => {
	expect(findTool('git')).toBeDefined();
	expect(listFiles().filter((file) => pattern.test(read(file)))).toEqual([]);
});

test('the lockfile names no server, so that it works behind every registry', () => {
	expect(read('package-lock.json').match(/"resolved": "(?!packages\/|actions\/)[^"]*"/g) ?? []).toEqual([]);
});
