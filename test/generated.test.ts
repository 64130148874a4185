import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toGeneratedFiles } from '../scripts/generated.ts';
import { ROOT } from './source-tree.ts';

test.each([...(await toGeneratedFiles())])('%s is what `npm run generate` writes', (path, content) => {
	expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content);
});
