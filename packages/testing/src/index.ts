export { describeWith, findTool, toToolVerdict } from './describe-with.ts';
