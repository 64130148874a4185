// TypeScript as Node itself runs it: types become blanks, so that every line and column stays where it is, and nothing has to
// be looked up in a source map.
import { stripTypeScriptTypes } from 'node:module';

export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
