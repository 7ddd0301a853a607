'use strict';
const { Cents } = require('./money');
import fs from 'fs';

class Cart {
  static limit = 10;
  #secret = 1;
  add(item) { this.items.push(item); }
}

function pay(id) { return go(id); }
function hidden() {}
exports.refund = refund;
const refund = function (id) { return pay(-id); };
module.exports = { Cart, charge: pay };
exports.cancel = (id) => go(id);
module.exports.Till = class { open() { ring(); } };
other.thing = function () {};
