export { readInstalledTree } from './read-installed-tree.ts';
