export ROLE=master
