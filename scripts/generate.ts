// `npm run generate`: the schema of slipway.yml, its reference page, the tables in the actions' READMEs.
import { writeFileSync } from 'node:fs';
import { toGeneratedFiles } from './generated.ts';

for (const [path, content] of toGeneratedFiles()) writeFileSync(path, content);
