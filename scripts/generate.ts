// `npm run generate`: the schema of slipway.yml, its reference page, the tables in the actions' READMEs, the starters.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { toGeneratedFiles } from './generated.ts';

for (const [path, content] of await toGeneratedFiles()) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, content);
}
