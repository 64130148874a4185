#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isLanguage, LANGUAGES, toGreeting } from './greeting.ts';

const USAGE = `Usage: greet [--language CODE] [NAME...]

Greets the people you name, or the world.

  -l, --language CODE  one of ${LANGUAGES.join(', ')} (default: en)
  -V, --version        print the version
  -h, --help           print this text
`;

const options = {
	language: { type: 'string', short: 'l', default: 'en' },
	version: { type: 'boolean', short: 'V' },
	help: { type: 'boolean', short: 'h' },
} as const;

const readVersion = (): string =>
	JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

const toOutput = (args: string[]): string => {
	const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
	if (values.help) return USAGE;
	if (values.version) return `greet ${readVersion()}\n`;
	const { language } = values;
	if (!isLanguage(language)) throw new Error(`expected one of ${LANGUAGES.join(', ')}, got "${language}"`);
	return `${toGreeting(positionals, language)}\n`;
};

try {
	process.stdout.write(toOutput(process.argv.slice(2)));
} catch (error) {
	process.stderr.write(`greet: ${error instanceof Error ? error.message : error}\n`);
	process.exitCode = 2;
}
