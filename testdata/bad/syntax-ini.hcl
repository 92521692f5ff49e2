[node]
role=master
token=s3cr3t
