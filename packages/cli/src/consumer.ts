export { verifyProject } from './join/consume.ts';
