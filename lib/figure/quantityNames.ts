import { quantities } from '../train';

/** How a quantity is called in figures; one that is not in this process' table goes by its own name. */
export function namesOf(name: string): {
  title: string;
  label: string;
  axis?: 'linear' | 'log' | 'exponent';
} {
  return Object.hasOwn(quantities, name) ? quantities[name] : { title: name, label: name };
}
