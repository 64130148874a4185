import { type Mutant, toExpression } from './mutant.ts';

/** What breaks the rules about who may do what. */
export const RIGHTS_MUTANTS: readonly Mutant[] = [
	{
		rule: 'gives rights and secrets to no job that is not meant to have them',
		file: 'release.yml',
		from: 'contents: read # checkout',
		to: 'id-token: write # none',
	},
	{
		rule: 'gives rights and secrets to no job that is not meant to have them',
		file: 'publish.yml',
		from: /outcomes: "journal-.*-apt-upload\.tar" \}/,
		to: `outcomes: "x" }\n        env: { KEY: "${toExpression('secrets.apt-signing-key')}" }`,
	},
	{
		rule: 'gives every job that is meant to have a right that right',
		file: 'publish.yml',
		from: / {6}id-token: write # trusted.*\n/,
		to: '',
	},
	{
		rule: 'runs no code of the project, and of nobody else, where there are rights',
		file: 'publish.yml',
		from: '$/actions/publish-npm',
		to: '$/actions/build-once',
	},
	{
		rule: 'runs no code of the project, and of nobody else, where there are rights',
		file: 'release.yml',
		from: '      - id: sign\n',
		to: `      - uses: somebody/action@${'a'.repeat(40)} # v1.0.0\n      - id: sign\n`,
	},
	{
		rule: 'asks for approval in a job that can do nothing',
		file: 'rollback.yml',
		from: '    permissions: {}\n    steps',
		to: '    permissions: { issues: write }\n    steps',
	},
	{
		rule: 'writes to npm from the environment that npm trusts',
		file: 'publish.yml',
		from: '    environment: ${' + '{ inputs.npm-environment }}\n',
		to: '',
	},
	{
		rule: 'grants exactly what the called workflow needs',
		file: 'release.yml',
		from: '      actions: read # bytes of an earlier run\n',
		to: '',
	},
	{
		rule: 'grants exactly what the called workflow needs',
		file: 'continue.yml',
		from: '    permissions:\n',
		to: '    permissions:\n      packages: write # none\n',
	},
	{
		rule: 'tells in its second line what a caller grants',
		file: 'release.yml',
		from: 'attestations: write, ',
		to: '',
	},
];
