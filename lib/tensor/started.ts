import { startEngine } from './startEngine';

startEngine();
