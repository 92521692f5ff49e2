node:
  role: master
